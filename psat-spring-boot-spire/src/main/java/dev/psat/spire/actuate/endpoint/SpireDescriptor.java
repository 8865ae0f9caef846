package dev.psat.spire.actuate.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SpireEndpoint} shows, without what is absent. Instants of certificates have
 * whole seconds, those of own actions milliseconds.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "state", "server", "workloadApi", "trustDomain", "agentId", "agentExpiresAt", "candidates", "svid",
		"trustBundle", "federation", "x509Authorities", "authorizedClientsFile", "authorizedServersFile", "clockSkew",
		"lastError" })
record SpireDescriptor(SpireState state, @Nullable String server, @Nullable String workloadApi,
		@Nullable String trustDomain, @Nullable String agentId, @Nullable String agentExpiresAt,
		@Nullable Integer candidates, @Nullable Svid svid, @Nullable TrustBundle trustBundle,
		@Nullable List<Federation> federation, @Nullable List<X509Authority> x509Authorities,
		@Nullable PeersFile authorizedClientsFile, @Nullable PeersFile authorizedServersFile,
		@Nullable String clockSkew, @Nullable LastError lastError) {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	static SpireDescriptor of(SpireStatus status, @Nullable List<X509Authority> x509Authorities,
			@Nullable PeerLists peers) {
		return new SpireDescriptor(status.state(), status.server(), status.workloadApi(),
				(status.trustDomain() != null) ? status.trustDomain().name() : null, text(status.agentId()),
				seconds(status.agentExpiresAt()), status.candidates(), Svid.of(status.svid()),
				TrustBundle.of(status.trustBundle()), Federation.of(status.federation()), x509Authorities,
				PeersFile.of((peers != null) ? peers.clientsFile() : null),
				PeersFile.of((peers != null) ? peers.serversFile() : null), seconds(status.clockSkew()),
				LastError.of(status.lastError()));
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	private static @Nullable String seconds(@Nullable Instant instant) {
		return (instant != null) ? instant.truncatedTo(ChronoUnit.SECONDS).toString() : null;
	}

	private static @Nullable String seconds(@Nullable Duration duration) {
		return (duration != null) ? duration.truncatedTo(ChronoUnit.SECONDS).toString() : null;
	}

	private static @Nullable String milliseconds(@Nullable Instant instant) {
		return (instant != null) ? MILLISECONDS.format(instant) : null;
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "serialNumber", "generation", "issuedAt", "expiresAt", "renewalDueAt" })
	record Svid(String id, String serialNumber, long generation, @Nullable String issuedAt, @Nullable String expiresAt,
			@Nullable String renewalDueAt) {

		static @Nullable Svid of(SpireStatus.@Nullable Svid svid) {
			return (svid != null) ? new Svid(svid.id().toString(), svid.serialNumber().toString(), svid.generation(),
					seconds(svid.issuedAt()), seconds(svid.expiresAt()), seconds(svid.renewalDueAt())) : null;
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "authorities", "sequenceNumber", "refreshedAt" })
	record TrustBundle(int authorities, @Nullable Long sequenceNumber, @Nullable String refreshedAt) {

		static @Nullable TrustBundle of(SpireStatus.@Nullable Bundle bundle) {
			return (bundle != null)
					? new TrustBundle(bundle.authorities(), bundle.sequenceNumber(), milliseconds(bundle.refreshedAt()))
					: null;
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "trustDomain", "state", "x509AuthorityCount", "jwtAuthorityCount", "refreshedAt",
			"lastError" })
	record Federation(String trustDomain, FederationState state, int x509AuthorityCount, int jwtAuthorityCount,
			@Nullable String refreshedAt, @Nullable LastError lastError) {

		static @Nullable List<Federation> of(List<SpireStatus.Federation> federation) {
			return federation.isEmpty() ? null : federation.stream().map(Federation::of).toList();
		}

		private static Federation of(SpireStatus.Federation federation) {
			return new Federation(federation.trustDomain().name(), federation.state(), federation.x509AuthorityCount(),
					federation.jwtAuthorityCount(), milliseconds(federation.refreshedAt()),
					LastError.of(federation.lastError()));
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "path", "state", "entries", "readAt", "error" })
	record PeersFile(String path, PeerLists.FileStatus.State state, int entries, @Nullable String readAt,
			@Nullable String error) {

		static @Nullable PeersFile of(PeerLists.@Nullable FileStatus file) {
			return (file != null) ? new PeersFile(file.path().toString(), file.state(), file.entries(),
					milliseconds(file.readAt()), file.error()) : null;
		}

	}

	/** An authority, and what hangs on it as far as this instance has seen. */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "keyId", "trustDomain", "expiresAt", "tainted", "ownSvid", "openConnections", "lastPeer",
			"seenSince" })
	record X509Authority(String keyId, String trustDomain, @Nullable String expiresAt, @Nullable Boolean tainted,
			boolean ownSvid, @Nullable Integer openConnections, @Nullable LastPeer lastPeer,
			@Nullable String seenSince) {

		static X509Authority of(TrustDomain trustDomain, dev.psat.spiffe.X509Authority authority,
				@Nullable Boolean tainted, boolean ownSvid, @Nullable SeenAuthority seen, @Nullable Instant since) {
			Integer open = (seen != null) ? Integer.valueOf(seen.openConnections()) : Integer.valueOf(0);
			return new X509Authority(authority.keyId(), trustDomain.name(),
					seconds(authority.certificate().getNotAfter().toInstant()), tainted, ownSvid,
					(since != null) ? open : null, LastPeer.of((seen != null) ? seen.lastPeer() : null),
					milliseconds(since));
		}

	}

	@JsonPropertyOrder({ "id", "direction", "seenAt" })
	record LastPeer(String id, Direction direction, @Nullable String seenAt) {

		static @Nullable LastPeer of(SeenAuthority.@Nullable LastPeer peer) {
			return (peer != null) ? new LastPeer(peer.id().toString(), peer.direction(), milliseconds(peer.seenAt()))
					: null;
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "reason", "at", "message", "advice" })
	record LastError(String reason, @Nullable String at, String message, String advice) {

		static @Nullable LastError of(SpireStatus.@Nullable LastError lastError) {
			return (lastError != null) ? new LastError(lastError.reason(), milliseconds(lastError.at()),
					lastError.message(), lastError.advice()) : null;
		}

	}

}
