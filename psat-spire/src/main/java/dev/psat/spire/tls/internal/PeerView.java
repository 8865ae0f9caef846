package dev.psat.spire.tls.internal;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;

/**
 * The peers of an identity together with their open connections.
 *
 * @param log the peers
 * @param connections the open connections
 */
record PeerView(PeerLog log, OpenConnections connections) implements SeenPeers {

	@Override
	public Instant since() {
		return this.log.since();
	}

	@Override
	public List<SeenPeer> peers(Direction direction) {
		Map<SpiffeId, Integer> open = new HashMap<>();
		this.connections.forEachOpen((connection) -> {
			X509Svid peer = connection.peer();
			if (peer != null && connection.direction() == direction) {
				open.merge(peer.spiffeId(), 1, Integer::sum);
			}
		});
		return this.log.of(direction)
			.toList()
			.stream()
			.map((peer) -> peer.mutate().openConnections(open.getOrDefault(peer.id(), 0)).build())
			.toList();
	}

	@Override
	public long forgotten(Direction direction) {
		return this.log.of(direction).forgotten();
	}

	@Override
	public SeenPeer.Refusals untrusted(Direction direction) {
		return this.log.of(direction).untrusted();
	}

	@Override
	public List<SeenAuthority> authorities() {
		Map<PeerLog.Authority, SeenAuthority.LastPeer> lastPeers = this.log.authorities();
		Map<PeerLog.Authority, Integer> open = openByAuthority();
		Set<PeerLog.Authority> keys = new LinkedHashSet<>(open.keySet());
		keys.addAll(lastPeers.keySet());
		return keys.stream()
			.map((key) -> SeenAuthority.builder(key.trustDomain(), key.keyId())
				.openConnections(open.getOrDefault(key, 0))
				.lastPeer(lastPeers.get(key))
				.build())
			.toList();
	}

	/**
	 * Count by certificate first, since there are far fewer IDs to be derived than
	 * connections.
	 */
	private Map<PeerLog.Authority, Integer> openByAuthority() {
		Map<Certified, Integer> open = new HashMap<>();
		this.connections.forEachOpen((connection) -> {
			X509Svid peer = connection.peer();
			PeerVerifier.Vouching vouching = connection.vouching();
			if (peer != null && vouching != null) {
				open.merge(new Certified(peer.spiffeId().trustDomain(), vouching.path().authority().certificate()), 1,
						Integer::sum);
			}
		});
		Map<PeerLog.Authority, Integer> byKey = new HashMap<>();
		open.forEach((authority, count) -> byKey.merge(authority.named(), count, Integer::sum));
		return byKey;
	}

	private record Certified(TrustDomain trustDomain, X509Certificate certificate) {

		PeerLog.Authority named() {
			return new PeerLog.Authority(this.trustDomain, new X509Authority(this.certificate, false).keyId());
		}

	}

}
