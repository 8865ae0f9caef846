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
 * @param since since when peers are recorded
 * @param inbound the peers that have called this application
 * @param outbound the peers that this application has called
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "since", "inbound", "outbound" })
public record SpirePeersDescriptor(String since, Peers inbound, Peers outbound) implements OperationResponseBody {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	static SpirePeersDescriptor of(SeenPeers peers, SpirePeersEndpoint.Lists lists) {
		return new SpirePeersDescriptor(MILLISECONDS.format(peers.since()), Peers.of(Direction.INBOUND, peers, lists),
				Peers.of(Direction.OUTBOUND, peers, lists));
	}

	private static @Nullable String milliseconds(@Nullable Instant instant) {
		return (instant != null) ? MILLISECONDS.format(instant) : null;
	}

	/**
	 * The peers of a direction.
	 *
	 * @param peers the peers that a trust bundle vouches for, those seen last first
	 * @param forgotten how many of them are not shown any more
	 * @param untrusted the peers that no trust bundle vouches for
	 * @param neverSeen what is listed and stands for none of the peers
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "peers", "forgotten", "untrusted", "neverSeen" })
	public record Peers(List<Peer> peers, long forgotten, Untrusted untrusted, List<String> neverSeen) {

		static Peers of(Direction direction, SeenPeers peers, SpirePeersEndpoint.Lists lists) {
			List<SeenPeer> seen = peers.peers(direction);
			return new Peers(seen.stream().map(Peer::of).toList(), peers.forgotten(direction),
					Untrusted.of(peers.untrusted(direction)),
					lists.neverSeen(direction, seen.stream().map(SeenPeer::id).toList()));
		}

	}

	/**
	 * A peer.
	 *
	 * @param id the SPIFFE ID
	 * @param firstSeenAt when its first handshake was
	 * @param lastSeenAt when its last handshake was
	 * @param accepted how many handshakes have let it in
	 * @param refused how many handshakes have refused it
	 * @param lastRefusedAt when it was last refused
	 * @param lastRefusal why it was last refused
	 * @param unlisted why it would be refused if its list were in force
	 * @param openConnections how many of its connections are open
	 * @param expiresAt when its last X.509-SVID expires
	 * @param authority the key ID of the authority that vouches for it
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "firstSeenAt", "lastSeenAt", "accepted", "refused", "lastRefusedAt", "lastRefusal",
			"unlisted", "openConnections", "expiresAt", "authority" })
	public record Peer(String id, String firstSeenAt, String lastSeenAt, long accepted, long refused,
			@Nullable String lastRefusedAt, @Nullable String lastRefusal, @Nullable String unlisted,
			int openConnections, String expiresAt, String authority) {

		static Peer of(SeenPeer peer) {
			return new Peer(peer.id().toString(), MILLISECONDS.format(peer.firstSeen()),
					MILLISECONDS.format(peer.lastSeen()), peer.accepted(), peer.refusals().count(),
					milliseconds(peer.refusals().lastAt()), peer.refusals().lastReason(), peer.unlisted(),
					peer.openConnections(), peer.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString(),
					peer.authority());
		}

	}

	/**
	 * The peers that no trust bundle vouches for, or that have no X.509-SVID. Anybody can
	 * claim any name, so they have none here.
	 *
	 * @param refused how many handshakes have refused one
	 * @param lastRefusedAt when one was last refused
	 * @param lastRefusal why it was
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "refused", "lastRefusedAt", "lastRefusal" })
	public record Untrusted(long refused, @Nullable String lastRefusedAt, @Nullable String lastRefusal) {

		static Untrusted of(SeenPeer.Refusals refusals) {
			return new Untrusted(refusals.count(), milliseconds(refusals.lastAt()), refusals.lastReason());
		}

	}

}
