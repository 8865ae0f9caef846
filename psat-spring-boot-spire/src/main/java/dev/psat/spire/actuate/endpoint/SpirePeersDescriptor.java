package dev.psat.spire.actuate.endpoint;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of the peers that this instance has seen, as shown by
 * {@link SpirePeersEndpoint}. Absent values are omitted. Instants from certificates have
 * whole seconds, those of the application's own actions have milliseconds.
 *
 * @since 0.1.0
 */
@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
		isGetterVisibility = Visibility.PUBLIC_ONLY)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "since", "inbound", "outbound" })
public final class SpirePeersDescriptor implements OperationResponseBody {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	private final Values values;

	private SpirePeersDescriptor(Values values) {
		this.values = values;
	}

	static SpirePeersDescriptor of(SeenPeers peers, SpirePeersEndpoint.Lists lists) {
		return new SpirePeersDescriptor(new Values(MILLISECONDS.format(peers.since()),
				Peers.of(Direction.INBOUND, peers, lists), Peers.of(Direction.OUTBOUND, peers, lists)));
	}

	private static @Nullable String milliseconds(@Nullable Instant instant) {
		return (instant != null) ? MILLISECONDS.format(instant) : null;
	}

	/**
	 * {@return since when peers are recorded}
	 */
	public String getSince() {
		return this.values.since;
	}

	/**
	 * {@return the peers that have called this application}
	 */
	public Peers getInbound() {
		return this.values.inbound;
	}

	/**
	 * {@return the peers that this application has called}
	 */
	public Peers getOutbound() {
		return this.values.outbound;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof SpirePeersDescriptor other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "SpirePeersDescriptor");
	}

	/**
	 * The peers of a direction.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "peers", "forgotten", "untrusted", "neverSeen" })
	public static final class Peers {

		private final Values values;

		private Peers(Values values) {
			this.values = values;
		}

		static Peers of(Direction direction, SeenPeers peers, SpirePeersEndpoint.Lists lists) {
			List<SeenPeer> seen = peers.peers(direction);
			return new Peers(new Values(seen.stream().map(Peer::of).toList(), peers.forgotten(direction),
					Untrusted.of(peers.untrusted(direction)),
					lists.neverSeen(direction, seen.stream().map(SeenPeer::id).toList())));
		}

		/**
		 * {@return the peers that a trust bundle vouches for, those seen last first}
		 */
		public List<Peer> getPeers() {
			return this.values.peers;
		}

		/**
		 * {@return how many of them are not shown any more}
		 */
		public long getForgotten() {
			return this.values.forgotten;
		}

		/**
		 * {@return the peers that no trust bundle vouches for}
		 */
		public Untrusted getUntrusted() {
			return this.values.untrusted;
		}

		/**
		 * {@return what is listed and stands for none of the peers}
		 */
		public List<String> getNeverSeen() {
			return this.values.neverSeen;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Peers other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Peers");
		}

		private record Values(List<Peer> peers, long forgotten, Untrusted untrusted, List<String> neverSeen) {

		}

	}

	/**
	 * A peer.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "firstSeenAt", "lastSeenAt", "accepted", "refused", "lastRefusedAt", "lastRefusal",
			"unlisted", "openConnections", "expiresAt", "authority" })
	public static final class Peer {

		private final Values values;

		private Peer(Values values) {
			this.values = values;
		}

		static Peer of(SeenPeer peer) {
			return new Peer(new Values(peer.id().toString(), MILLISECONDS.format(peer.firstSeen()),
					MILLISECONDS.format(peer.lastSeen()), peer.accepted(), peer.refusals().count(),
					milliseconds(peer.refusals().lastAt()), peer.refusals().lastReason(), peer.unlisted(),
					peer.openConnections(), peer.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString(),
					peer.authority()));
		}

		/**
		 * {@return the SPIFFE ID}
		 */
		public String getId() {
			return this.values.id;
		}

		/**
		 * {@return when its first handshake was}
		 */
		public String getFirstSeenAt() {
			return this.values.firstSeenAt;
		}

		/**
		 * {@return when its last handshake was}
		 */
		public String getLastSeenAt() {
			return this.values.lastSeenAt;
		}

		/**
		 * {@return how many handshakes have let it in}
		 */
		public long getAccepted() {
			return this.values.accepted;
		}

		/**
		 * {@return how many handshakes have refused it}
		 */
		public long getRefused() {
			return this.values.refused;
		}

		/**
		 * {@return when it was last refused}
		 */
		public @Nullable String getLastRefusedAt() {
			return this.values.lastRefusedAt;
		}

		/**
		 * {@return why it was last refused}
		 */
		public @Nullable String getLastRefusal() {
			return this.values.lastRefusal;
		}

		/**
		 * {@return why it would be refused if its list were in force}
		 */
		public @Nullable String getUnlisted() {
			return this.values.unlisted;
		}

		/**
		 * {@return how many of its connections are open}
		 */
		public int getOpenConnections() {
			return this.values.openConnections;
		}

		/**
		 * {@return when its last X.509-SVID expires}
		 */
		public String getExpiresAt() {
			return this.values.expiresAt;
		}

		/**
		 * {@return the key ID of the authority that vouches for it}
		 */
		public String getAuthority() {
			return this.values.authority;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Peer other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Peer");
		}

		private record Values(String id, String firstSeenAt, String lastSeenAt, long accepted, long refused,
				@Nullable String lastRefusedAt, @Nullable String lastRefusal, @Nullable String unlisted,
				int openConnections, String expiresAt, String authority) {

		}

	}

	/**
	 * The peers that no trust bundle vouches for, or that have no X.509-SVID. Anybody can
	 * claim any name, so they have none here.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "refused", "lastRefusedAt", "lastRefusal" })
	public static final class Untrusted {

		private final Values values;

		private Untrusted(Values values) {
			this.values = values;
		}

		static Untrusted of(SeenPeer.Refusals refusals) {
			return new Untrusted(new Values(refusals.count(), milliseconds(refusals.lastAt()), refusals.lastReason()));
		}

		/**
		 * {@return how many handshakes have refused one}
		 */
		public long getRefused() {
			return this.values.refused;
		}

		/**
		 * {@return when one was last refused}
		 */
		public @Nullable String getLastRefusedAt() {
			return this.values.lastRefusedAt;
		}

		/**
		 * {@return why one was last refused}
		 */
		public @Nullable String getLastRefusal() {
			return this.values.lastRefusal;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Untrusted other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Untrusted");
		}

		private record Values(long refused, @Nullable String lastRefusedAt, @Nullable String lastRefusal) {

		}

	}

	private record Values(String since, Peers inbound, Peers outbound) {

	}

}
