package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;
import org.jspecify.annotations.Nullable;

/**
 * The peers of an identity, and the authorities that have vouched for them. All that is
 * called in a handshake is bounded, and waits for nobody but the like.
 */
final class PeerLog {

	/** Long enough for a SPIFFE ID in a sentence, since most are short. */
	private static final int LONGEST = 1000;

	/** Each has to be in a trust bundle at that time, so there are few. */
	private static final int MOST_AUTHORITIES = 500;

	private final Map<Direction, KnownPeers> peers = new EnumMap<>(Direction.class);

	/** Those that have vouched most recently are the last. */
	private final Map<Authority, SeenAuthority.LastPeer> authorities = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Authority, SeenAuthority.LastPeer> eldest) {
			return size() > MOST_AUTHORITIES;
		}

	};

	private final Clock clock;

	private final Instant since;

	PeerLog(Clock clock) {
		this.clock = clock;
		this.since = clock.instant();
		for (Direction direction : Direction.values()) {
			this.peers.put(direction, new KnownPeers());
		}
	}

	/**
	 * Record that a peer was let in.
	 * @param unlisted why its list would refuse it, as a sentence without a full stop,
	 * {@code null} if that would not
	 */
	void accepted(OpenConnection.Handshake handshake, @Nullable String unlisted) {
		KnownPeers.Sighting sighting = sighting(handshake);
		if (sighting != null) {
			of(handshake.direction()).accepted(sighting, (unlisted != null) ? cut(unlisted) : null);
		}
	}

	void refused(OpenConnection.Handshake handshake, String reason) {
		KnownPeers.Sighting sighting = sighting(handshake);
		if (sighting != null) {
			of(handshake.direction()).refused(sighting, cut(reason));
		}
	}

	void untrusted(Direction direction, String reason) {
		of(direction).untrusted(this.clock.instant(), cut(reason));
	}

	Instant since() {
		return this.since;
	}

	KnownPeers of(Direction direction) {
		return Objects.requireNonNull(this.peers.get(direction), "'direction' must not be null");
	}

	Map<Authority, SeenAuthority.LastPeer> authorities() {
		synchronized (this.authorities) {
			return new LinkedHashMap<>(this.authorities);
		}
	}

	private KnownPeers.@Nullable Sighting sighting(OpenConnection.Handshake handshake) {
		X509Svid peer = handshake.peer();
		PeerVerifier.Vouching vouching = handshake.vouching();
		if (peer == null || vouching == null) {
			return null;
		}
		SpiffeId id = peer.spiffeId();
		String authority = vouching.path().authority().keyId();
		Instant now = this.clock.instant();
		synchronized (this.authorities) {
			this.authorities.put(new Authority(id.trustDomain(), authority),
					SeenAuthority.LastPeer.builder(id, handshake.direction(), now).build());
		}
		return new KnownPeers.Sighting(id, now, peer.expiresAt(), authority);
	}

	private static String cut(String reason) {
		return (reason.length() > LONGEST) ? reason.substring(0, LONGEST) + "…" : reason;
	}

	/**
	 * An authority, whose key another trust domain may claim to have, too.
	 *
	 * @param trustDomain the trust domain
	 * @param keyId the ID of its key
	 */
	record Authority(TrustDomain trustDomain, String keyId) {

	}

}
