package dev.psat.spire.tls.internal;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;
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
	private final Map<Authority, LastPeer> authorities = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Authority, LastPeer> eldest) {
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

	SeenPeers with(OpenConnections connections) {
		return new View(this, connections);
	}

	private KnownPeers of(Direction direction) {
		return Objects.requireNonNull(this.peers.get(direction), "'direction' must not be null");
	}

	private Map<Authority, LastPeer> lastPeers() {
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
					new LastPeer(id, handshake.direction(), now));
		}
		return new KnownPeers.Sighting(id, now, peer.expiresAt(), authority);
	}

	private static String cut(String reason) {
		return (reason.length() > LONGEST) ? reason.substring(0, LONGEST) + "…" : reason;
	}

	// whose key another trust domain may claim to have, too
	private record Authority(TrustDomain trustDomain, String keyId) {

	}

	private record LastPeer(SpiffeId id, Direction direction, Instant seenAt) implements SeenAuthority.LastPeer {

	}

	private record Relied(TrustDomain trustDomain, String keyId, int openConnections,
			@Nullable LastPeer lastPeer) implements SeenAuthority {

	}

	private record View(PeerLog log, OpenConnections connections) implements SeenPeers {

		@Override
		public Instant since() {
			return this.log.since;
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
			return this.log.of(direction).toList(open);
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
			Map<Authority, LastPeer> lastPeers = this.log.lastPeers();
			Map<Authority, Integer> open = openByAuthority();
			Set<Authority> all = new LinkedHashSet<>(open.keySet());
			all.addAll(lastPeers.keySet());
			return all.stream()
				.<SeenAuthority>map((each) -> new Relied(each.trustDomain(), each.keyId(), open.getOrDefault(each, 0),
						lastPeers.get(each)))
				.toList();
		}

		// by certificate first, since there are far fewer IDs to be derived than
		// connections
		private Map<Authority, Integer> openByAuthority() {
			Map<Certified, Integer> open = new HashMap<>();
			this.connections.forEachOpen((connection) -> {
				X509Svid peer = connection.peer();
				PeerVerifier.Vouching vouching = connection.vouching();
				if (peer != null && vouching != null) {
					open.merge(new Certified(peer.spiffeId().trustDomain(), vouching.path().authority().certificate()),
							1, Integer::sum);
				}
			});
			Map<Authority, Integer> byKey = new HashMap<>();
			open.forEach((authority, count) -> byKey.merge(authority.named(), count, Integer::sum));
			return byKey;
		}

	}

	private record Certified(TrustDomain trustDomain, X509Certificate certificate) {

		Authority named() {
			return new Authority(this.trustDomain, new X509Authority(this.certificate, false).keyId());
		}

	}

	/**
	 * The peers of a direction. A federated trust domain may have as many names as it
	 * likes, so those that were never let in make room first, down to a number that an
	 * operator wants to see.
	 */
	static final class KnownPeers {

		private static final int LEAST_REFUSED = 50;

		/** In the order in which they were last seen. */
		private final Map<SpiffeId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

		private int neverLetIn;

		private long forgotten;

		private Refusals untrusted = Refusals.NONE;

		synchronized void accepted(Sighting sighting, @Nullable String unlisted) {
			Entry entry = entryOf(sighting, LEAST_REFUSED);
			entry.unlisted = unlisted;
			if (entry.accepted++ == 0) {
				this.neverLetIn--;
			}
		}

		synchronized void refused(Sighting sighting, String reason) {
			Entry entry = entryOf(sighting, LEAST_REFUSED - 1);
			entry.refusals = entry.refusals.oneMore(sighting.at(), reason);
		}

		synchronized void untrusted(Instant at, String reason) {
			this.untrusted = this.untrusted.oneMore(at, reason);
		}

		synchronized List<SeenPeer> toList(Map<SpiffeId, Integer> open) {
			List<SeenPeer> peers = new ArrayList<>(this.entries.size());
			this.entries.forEach((id, entry) -> peers.add(entry.toPeer(open.getOrDefault(id, 0))));
			Collections.reverse(peers);
			return peers;
		}

		synchronized long forgotten() {
			return this.forgotten;
		}

		synchronized SeenPeer.Refusals untrusted() {
			return this.untrusted;
		}

		private Entry entryOf(Sighting sighting, int leastRefused) {
			Entry known = this.entries.get(sighting.id());
			if (known != null) {
				known.last = sighting;
				return known;
			}
			if (this.entries.size() >= SeenPeers.MOST) {
				forgetOne(this.neverLetIn <= leastRefused);
			}
			Entry entry = new Entry(sighting);
			this.entries.put(sighting.id(), entry);
			this.neverLetIn++;
			return entry;
		}

		private void forgetOne(boolean letIn) {
			Iterator<Entry> eldest = this.entries.values().iterator();
			while (eldest.hasNext()) {
				if (eldest.next().accepted > 0 == letIn) {
					eldest.remove();
					this.neverLetIn -= letIn ? 0 : 1;
					this.forgotten++;
					return;
				}
			}
		}

		record Sighting(SpiffeId id, Instant at, Instant expiresAt, String authority) {

		}

		private record Refusals(long count, @Nullable Instant lastAt,
				@Nullable String lastReason) implements SeenPeer.Refusals {

			static final Refusals NONE = new Refusals(0, null, null);

			Refusals oneMore(Instant at, String reason) {
				return new Refusals(this.count + 1, at, reason);
			}

		}

		private record Peer(SpiffeId id, Instant firstSeen, Instant lastSeen, long accepted, Refusals refusals,
				@Nullable String unlisted, int openConnections, Instant expiresAt,
				String authority) implements SeenPeer {

		}

		private static final class Entry {

			private final Instant firstSeen;

			private Sighting last;

			private long accepted;

			private Refusals refusals = Refusals.NONE;

			private @Nullable String unlisted;

			Entry(Sighting first) {
				this.firstSeen = first.at();
				this.last = first;
			}

			SeenPeer toPeer(int open) {
				return new Peer(this.last.id(), this.firstSeen, this.last.at(), this.accepted, this.refusals,
						this.unlisted, open, this.last.expiresAt(), this.last.authority());
			}

		}

	}

}
