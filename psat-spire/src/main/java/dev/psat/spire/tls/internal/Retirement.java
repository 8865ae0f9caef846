package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import org.jspecify.annotations.Nullable;

/**
 * When a connection should be replaced before its cause ends, so that no call is lost:
 * the peer, or this application, has or soon should have another X.509-SVID.
 */
final class Retirement {

	/** The share of its life at whose end an X.509-SVID should have been replaced. */
	private static final int LAST_SHARE = 6;

	private static final Duration BEFORE_THE_END = Duration.ofSeconds(30);

	/** How long a connection is used that has begun when there was nothing newer yet. */
	private static final Duration LEAST_AGE = Duration.ofSeconds(10);

	private Retirement() {
	}

	/**
	 * Return when a connection should be replaced.
	 * @param connection the connection
	 * @param own the current X.509-SVID of this application, {@code null} if there is
	 * none
	 * @return the moment, which may have passed
	 */
	static Instant due(OpenConnection connection, @Nullable KeyedSvid own) {
		X509Svid peer = connection.peer();
		PeerVerifier.Vouching vouching = connection.vouching();
		if (peer == null || vouching == null) {
			return Instant.MAX;
		}
		if (connection.direction() == Direction.OUTBOUND && !isSame(connection.presented(), own)) {
			return Instant.MIN;
		}
		Instant late = late(peer, vouching);
		Instant due = vouching.path().authority().tainted() ? Instant.MIN : late;
		boolean begunBefore = !connection.hasBegunTainted() && connection.begun().isBefore(late);
		Instant least = begunBefore ? Instant.MIN : connection.begun().plus(LEAST_AGE);
		return due.isBefore(least) ? least : due;
	}

	private static boolean isSame(KeyedSvid presented, @Nullable KeyedSvid own) {
		return presented == own || (own != null && presented.svid().leaf().equals(own.svid().leaf()));
	}

	/**
	 * Return when the peer should have another X.509-SVID.
	 */
	private static Instant late(X509Svid peer, PeerVerifier.Vouching vouching) {
		Instant issued = peer.leaf().getNotBefore().toInstant();
		Instant lastShare = peer.expiresAt().minus(Duration.between(issued, peer.expiresAt()).dividedBy(LAST_SHARE));
		Instant end = vouching.path().validUntil().minus(BEFORE_THE_END);
		return lastShare.isBefore(end) ? lastShare : end;
	}

}
