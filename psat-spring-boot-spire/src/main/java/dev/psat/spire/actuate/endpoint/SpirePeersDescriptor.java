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
 * What {@link SpirePeersEndpoint} shows, without what is absent. Instants as in
 * {@link SpireDescriptor}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "since", "inbound", "outbound" })
record SpirePeersDescriptor(String since, Peers inbound, Peers outbound) implements OperationResponseBody {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	static SpirePeersDescriptor of(SeenPeers peers, SpirePeersEndpoint.Lists lists) {
		return new SpirePeersDescriptor(MILLISECONDS.format(peers.since()), Peers.of(Direction.INBOUND, peers, lists),
				Peers.of(Direction.OUTBOUND, peers, lists));
	}

	private static @Nullable String milliseconds(@Nullable Instant instant) {
		return (instant != null) ? MILLISECONDS.format(instant) : null;
	}

	/**
	 * @param peers those that a trust bundle vouches for, those seen last first
	 * @param forgotten how many of these are not shown any more
	 * @param neverSeen what is listed and stands for none of these
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "peers", "forgotten", "untrusted", "neverSeen" })
	record Peers(List<Peer> peers, long forgotten, Untrusted untrusted, List<String> neverSeen) {

		private static Peers of(Direction direction, SeenPeers peers, SpirePeersEndpoint.Lists lists) {
			List<SeenPeer> seen = peers.peers(direction);
			return new Peers(seen.stream().map(Peer::of).toList(), peers.forgotten(direction),
					Untrusted.of(peers.untrusted(direction)),
					lists.neverSeen(direction, seen.stream().map(SeenPeer::id).toList()));
		}

	}

	/**
	 * A peer.
	 *
	 * @param unlisted why it would be refused if its list were in force
	 * @param authority the key ID of the authority that vouches for it
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "firstSeenAt", "lastSeenAt", "accepted", "refused", "lastRefusedAt", "lastRefusal",
			"unlisted", "openConnections", "expiresAt", "authority" })
	record Peer(String id, String firstSeenAt, String lastSeenAt, long accepted, long refused,
			@Nullable String lastRefusedAt, @Nullable String lastRefusal, @Nullable String unlisted,
			int openConnections, String expiresAt, String authority) {

		private static Peer of(SeenPeer peer) {
			return new Peer(peer.id().toString(), MILLISECONDS.format(peer.firstSeen()),
					MILLISECONDS.format(peer.lastSeen()), peer.accepted(), peer.refusals().count(),
					milliseconds(peer.refusals().lastAt()), peer.refusals().lastReason(), peer.unlisted(),
					peer.openConnections(), peer.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString(),
					peer.authority());
		}

	}

	/** Whom no trust bundle vouches for: without names, since anybody can claim any. */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "refused", "lastRefusedAt", "lastRefusal" })
	record Untrusted(long refused, @Nullable String lastRefusedAt, @Nullable String lastRefusal) {

		private static Untrusted of(SeenPeer.Refusals refusals) {
			return new Untrusted(refusals.count(), milliseconds(refusals.lastAt()), refusals.lastReason());
		}

	}

}
