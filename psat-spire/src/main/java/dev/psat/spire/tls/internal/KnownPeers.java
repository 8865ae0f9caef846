package dev.psat.spire.tls.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a direction. A federated trust domain may have as many names as it likes,
 * so those that were never let in make room first, down to a number that an operator
 * wants to see.
 */
final class KnownPeers {

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
			@Nullable String unlisted, int openConnections, Instant expiresAt, String authority) implements SeenPeer {

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
			return new Peer(this.last.id(), this.firstSeen, this.last.at(), this.accepted, this.refusals, this.unlisted,
					open, this.last.expiresAt(), this.last.authority());
		}

	}

}
