package dev.psat.spire.tls.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;

/**
 * The authorities that have vouched for a peer. Since each has to be in a trust bundle at
 * that time, there are few; those that vouched least recently are forgotten all the same
 * if there are too many.
 */
final class KnownAuthorities {

	private static final int MOST = 500;

	private final Map<Key, SeenAuthority.LastPeer> lastPeers = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Key, SeenAuthority.LastPeer> eldest) {
			return size() > MOST;
		}

	};

	synchronized void seen(KnownPeers.Sighting sighting, Direction direction) {
		this.lastPeers.put(new Key(sighting.id().trustDomain(), sighting.authority()),
				SeenAuthority.LastPeer.builder(sighting.id(), direction, sighting.at()).build());
	}

	synchronized Map<Key, SeenAuthority.LastPeer> toMap() {
		return new LinkedHashMap<>(this.lastPeers);
	}

	/**
	 * An authority, whose key another trust domain may claim to have, too.
	 *
	 * @param trustDomain the trust domain
	 * @param keyId the ID of its key
	 */
	record Key(TrustDomain trustDomain, String keyId) {

	}

}
