package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Whether this application can still show who it is. Peers accept its X.509-SVID for as
 * long after it has expired as their clocks may differ.
 */
final class OwnSvid {

	private static final Duration LEEWAY = Duration.ofMinutes(2);

	private OwnSvid() {
	}

	static Instant lastMoment(KeyedSvid svid) {
		return svid.svid().expiresAt().plus(LEEWAY);
	}

	/**
	 * Return the last moment of an X.509-SVID for a connection. Other trust domains are
	 * only trusted until it expires, of which nobody tells in time. That moment stays the
	 * same when it has passed, since it may have passed after the connection was looked
	 * at.
	 */
	static Instant lastMoment(KeyedSvid svid, @Nullable X509Svid peer) {
		boolean foreign = peer != null && !peer.spiffeId().trustDomain().equals(svid.svid().spiffeId().trustDomain());
		return foreign ? svid.svid().expiresAt() : lastMoment(svid);
	}

	static boolean isUsable(@Nullable KeyedSvid svid, Clock clock) {
		return svid != null && !clock.instant().isAfter(lastMoment(svid));
	}

	static String absence(TlsIdentity identity, @Nullable KeyedSvid svid) {
		return (svid == null) ? identity.absence() : "The last one expired at " + svid.svid().expiresAt();
	}

}
