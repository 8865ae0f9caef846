package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenPeer;
import org.jspecify.annotations.Nullable;

/**
 * The peers of an identity, and the authorities that have vouched for them. All that is
 * called in a handshake is bounded, and waits for nobody but the like.
 */
final class PeerLog {

	/** Long enough for a SPIFFE ID in a sentence, since most are short. */
	private static final int LONGEST = 1000;

	private final Map<Direction, KnownPeers> peers = new EnumMap<>(Direction.class);

	private final Map<Direction, Strangers> strangers = new EnumMap<>(Direction.class);

	private final KnownAuthorities authorities = new KnownAuthorities();

	private final Clock clock;

	private final Instant since;

	PeerLog(Clock clock) {
		this.clock = clock;
		this.since = clock.instant();
		for (Direction direction : Direction.values()) {
			this.peers.put(direction, new KnownPeers());
			this.strangers.put(direction, new Strangers());
		}
	}

	/**
	 * Record that a peer was let in.
	 * @param handshake what the handshake has found
	 * @param unlisted why its list would refuse it, as a sentence without a full stop,
	 * {@code null} if that would not
	 */
	void accepted(OpenConnection.Handshake handshake, @Nullable String unlisted) {
		KnownPeers.Sighting sighting = sighting(handshake);
		if (sighting != null) {
			this.authorities.seen(sighting, handshake.direction());
			of(this.peers, handshake.direction()).accepted(sighting, (unlisted != null) ? cut(unlisted) : null);
		}
	}

	/**
	 * Record that a peer was refused for which a trust bundle vouches.
	 * @param handshake what the handshake has found
	 * @param reason why, as a sentence without a full stop
	 */
	void refused(OpenConnection.Handshake handshake, String reason) {
		KnownPeers.Sighting sighting = sighting(handshake);
		if (sighting != null) {
			this.authorities.seen(sighting, handshake.direction());
			of(this.peers, handshake.direction()).refused(sighting, cut(reason));
		}
	}

	/**
	 * Record that a peer was refused whose name proves nothing.
	 * @param direction the direction
	 * @param reason why, as a sentence without a full stop
	 */
	void untrusted(Direction direction, String reason) {
		of(this.strangers, direction).refused(this.clock.instant(), cut(reason));
	}

	Instant since() {
		return this.since;
	}

	/**
	 * Return the peers of a direction, those that were seen last first, with no open
	 * connection.
	 */
	List<SeenPeer> peers(Direction direction) {
		return of(this.peers, direction).toList();
	}

	long forgotten(Direction direction) {
		return of(this.peers, direction).forgotten();
	}

	SeenPeer.Refusals untrusted(Direction direction) {
		return of(this.strangers, direction).refusals();
	}

	KnownAuthorities authorities() {
		return this.authorities;
	}

	private KnownPeers.@Nullable Sighting sighting(OpenConnection.Handshake handshake) {
		X509Svid peer = handshake.peer();
		PeerVerifier.Vouching vouching = handshake.vouching();
		return (peer != null && vouching != null) ? new KnownPeers.Sighting(peer.spiffeId(), this.clock.instant(),
				peer.expiresAt(), vouching.path().authority().keyId()) : null;
	}

	private static String cut(String reason) {
		return (reason.length() > LONGEST) ? reason.substring(0, LONGEST) + "…" : reason;
	}

	private static <T> T of(Map<Direction, T> map, Direction direction) {
		return Objects.requireNonNull(map.get(direction), "'direction' must not be null");
	}

	/**
	 * The peers of a direction whose names prove nothing.
	 */
	private static final class Strangers {

		private SeenPeer.Refusals refusals = SeenPeer.Refusals.NONE;

		synchronized void refused(Instant at, String reason) {
			this.refusals = SeenPeer.Refusals.builder(this.refusals.count() + 1).lastAt(at).lastReason(reason).build();
		}

		synchronized SeenPeer.Refusals refusals() {
			return this.refusals;
		}

	}

}
