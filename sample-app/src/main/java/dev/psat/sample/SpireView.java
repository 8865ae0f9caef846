package dev.psat.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of the SPIRE identity. Serial numbers are text, since they are too
 * large for JavaScript numbers.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SpireView(SpireState state, @Nullable String server, @Nullable String workloadApi, @Nullable String trustDomain,
		@Nullable String agentId, @Nullable Instant agentExpiresAt, @Nullable Integer candidates, @Nullable Svid svid,
		@Nullable Bundle trustBundle, List<Federation> federation, @Nullable Duration clockSkew,
		@Nullable LastError lastError) {

	static SpireView of(SpireStatus status) {
		return new SpireView(status.state(), status.server(), status.workloadApi(), text(status.trustDomain()),
				text(status.agentId()), status.agentExpiresAt(), status.candidates(), Svid.of(status.svid()),
				Bundle.of(status.trustBundle()), status.federation().stream().map(Federation::of).toList(),
				status.clockSkew(), LastError.of(status.lastError()));
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Svid(String id, String serialNumber, long generation, Instant issuedAt, Instant expiresAt,
			@Nullable Instant renewalDueAt) {

		static @Nullable Svid of(SpireStatus.@Nullable Svid svid) {
			return (svid != null) ? new Svid(svid.id().toString(), svid.serialNumber().toString(), svid.generation(),
					svid.issuedAt(), svid.expiresAt(), svid.renewalDueAt()) : null;
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Bundle(int authorities, @Nullable Long sequenceNumber, @Nullable Instant refreshedAt, long generation) {

		static @Nullable Bundle of(SpireStatus.@Nullable Bundle bundle) {
			return (bundle != null) ? new Bundle(bundle.authorities(), bundle.sequenceNumber(), bundle.refreshedAt(),
					bundle.generation()) : null;
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Federation(String trustDomain, FederationState state, int x509AuthorityCount, int jwtAuthorityCount,
			@Nullable Instant refreshedAt, long generation, @Nullable LastError lastError) {

		static Federation of(SpireStatus.Federation federation) {
			return new Federation(federation.trustDomain().name(), federation.state(), federation.x509AuthorityCount(),
					federation.jwtAuthorityCount(), federation.refreshedAt(), federation.generation(),
					LastError.of(federation.lastError()));
		}

	}

	record LastError(String reason, Instant at, String message, String advice) {

		static @Nullable LastError of(SpireStatus.@Nullable LastError error) {
			return (error != null) ? new LastError(error.reason(), error.at(), error.message(), error.advice()) : null;
		}

	}

}
