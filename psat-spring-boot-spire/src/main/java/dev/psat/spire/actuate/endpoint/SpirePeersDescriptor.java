package dev.psat.spire.actuate.endpoint;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;

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
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "since", "inbound", "outbound" })
public final class SpirePeersDescriptor implements OperationResponseBody {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	private final String since;

	private final Peers inbound;

	private final Peers outbound;

	SpirePeersDescriptor(SeenPeers peers, SpirePeersEndpoint.Lists lists) {
		this.since = MILLISECONDS.format(peers.since());
		this.inbound = new Peers(Direction.INBOUND, peers, lists);
		this.outbound = new Peers(Direction.OUTBOUND, peers, lists);
	}

	private static @Nullable String milliseconds(@Nullable Instant instant) {
		return (instant != null) ? MILLISECONDS.format(instant) : null;
	}

	/**
	 * {@return since when peers are recorded}
	 */
	public String getSince() {
		return this.since;
	}

	/**
	 * {@return the peers that have called this application}
	 */
	public Peers getInbound() {
		return this.inbound;
	}

	/**
	 * {@return the peers that this application has called}
	 */
	public Peers getOutbound() {
		return this.outbound;
	}

	/**
	 * The peers of a direction.
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "peers", "forgotten", "untrusted", "neverSeen" })
	public static final class Peers {

		private final List<Peer> peers;

		private final long forgotten;

		private final Untrusted untrusted;

		private final List<String> neverSeen;

		private Peers(Direction direction, SeenPeers peers, SpirePeersEndpoint.Lists lists) {
			List<SeenPeer> seen = peers.peers(direction);
			this.peers = seen.stream().map(Peer::new).toList();
			this.forgotten = peers.forgotten(direction);
			this.untrusted = new Untrusted(peers.untrusted(direction));
			this.neverSeen = lists.neverSeen(direction, seen.stream().map(SeenPeer::id).toList());
		}

		/**
		 * {@return the peers that a trust bundle vouches for, those seen last first}
		 */
		public List<Peer> getPeers() {
			return this.peers;
		}

		/**
		 * {@return how many of them are not shown any more}
		 */
		public long getForgotten() {
			return this.forgotten;
		}

		/**
		 * {@return the peers that no trust bundle vouches for}
		 */
		public Untrusted getUntrusted() {
			return this.untrusted;
		}

		/**
		 * {@return what is listed and stands for none of the peers}
		 */
		public List<String> getNeverSeen() {
			return this.neverSeen;
		}

	}

	/**
	 * A peer.
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "firstSeenAt", "lastSeenAt", "accepted", "refused", "lastRefusedAt", "lastRefusal",
			"unlisted", "openConnections", "expiresAt", "authority" })
	public static final class Peer {

		private final String id;

		private final String firstSeenAt;

		private final String lastSeenAt;

		private final long accepted;

		private final long refused;

		private final @Nullable String lastRefusedAt;

		private final @Nullable String lastRefusal;

		private final @Nullable String unlisted;

		private final int openConnections;

		private final String expiresAt;

		private final String authority;

		private Peer(SeenPeer peer) {
			this.id = peer.id().toString();
			this.firstSeenAt = MILLISECONDS.format(peer.firstSeen());
			this.lastSeenAt = MILLISECONDS.format(peer.lastSeen());
			this.accepted = peer.accepted();
			this.refused = peer.refusals().count();
			this.lastRefusedAt = milliseconds(peer.refusals().lastAt());
			this.lastRefusal = peer.refusals().lastReason();
			this.unlisted = peer.unlisted();
			this.openConnections = peer.openConnections();
			this.expiresAt = peer.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString();
			this.authority = peer.authority();
		}

		/**
		 * {@return the SPIFFE ID}
		 */
		public String getId() {
			return this.id;
		}

		/**
		 * {@return when its first handshake was}
		 */
		public String getFirstSeenAt() {
			return this.firstSeenAt;
		}

		/**
		 * {@return when its last handshake was}
		 */
		public String getLastSeenAt() {
			return this.lastSeenAt;
		}

		/**
		 * {@return how many handshakes have let it in}
		 */
		public long getAccepted() {
			return this.accepted;
		}

		/**
		 * {@return how many handshakes have refused it}
		 */
		public long getRefused() {
			return this.refused;
		}

		/**
		 * {@return when it was last refused}
		 */
		public @Nullable String getLastRefusedAt() {
			return this.lastRefusedAt;
		}

		/**
		 * {@return why it was last refused}
		 */
		public @Nullable String getLastRefusal() {
			return this.lastRefusal;
		}

		/**
		 * {@return why it would be refused if its list were in force}
		 */
		public @Nullable String getUnlisted() {
			return this.unlisted;
		}

		/**
		 * {@return how many of its connections are open}
		 */
		public int getOpenConnections() {
			return this.openConnections;
		}

		/**
		 * {@return when its last X.509-SVID expires}
		 */
		public String getExpiresAt() {
			return this.expiresAt;
		}

		/**
		 * {@return the key ID of the authority that vouches for it}
		 */
		public String getAuthority() {
			return this.authority;
		}

	}

	/**
	 * The peers that no trust bundle vouches for, or that have no X.509-SVID. Anybody can
	 * claim any name, so they have none here.
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "refused", "lastRefusedAt", "lastRefusal" })
	public static final class Untrusted {

		private final long refused;

		private final @Nullable String lastRefusedAt;

		private final @Nullable String lastRefusal;

		private Untrusted(SeenPeer.Refusals refusals) {
			this.refused = refusals.count();
			this.lastRefusedAt = milliseconds(refusals.lastAt());
			this.lastRefusal = refusals.lastReason();
		}

		/**
		 * {@return how many handshakes have refused one}
		 */
		public long getRefused() {
			return this.refused;
		}

		/**
		 * {@return when one was last refused}
		 */
		public @Nullable String getLastRefusedAt() {
			return this.lastRefusedAt;
		}

		/**
		 * {@return why one was last refused}
		 */
		public @Nullable String getLastRefusal() {
			return this.lastRefusal;
		}

	}

}
