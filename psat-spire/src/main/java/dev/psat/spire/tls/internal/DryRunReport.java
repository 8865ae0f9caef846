package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the peers that only a dry run has let in: each of them once, as long as
 * there are no more than a thousand, and at most a hundred a minute.
 */
final class DryRunReport {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int MOST = 1000;

	private static final float LOAD = 0.75f;

	private final AtomicLongArray counts = new AtomicLongArray(Direction.values().length);

	/** The one that has been seen least recently is told again first. */
	private final Set<String> told = Collections.newSetFromMap(new LinkedHashMap<>(16, LOAD, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MOST;
		}

	});

	private final PeerReport.RateLimit limit;

	private final Consumer<Runnable> lines;

	DryRunReport(Clock clock, Consumer<Runnable> lines) {
		this.lines = lines;
		this.limit = new PeerReport.RateLimit(clock);
	}

	void unlisted(Direction direction, SpiffeId peer, String reservation) {
		this.counts.incrementAndGet(direction.ordinal());
		if (isNews(direction + " " + peer)) {
			this.lines.accept(() -> logger.warn("{} on a dry run: The peer {} {}",
					(direction == Direction.INBOUND) ? "A client was let in" : "A server was called", peer,
					reservation));
		}
	}

	/**
	 * A peer that comes while the limit is reached is told when it comes again.
	 */
	private boolean isNews(String subject) {
		synchronized (this.told) {
			if (this.told.contains(subject)) {
				// which does not count as access
				this.told.add(subject);
				return false;
			}
			return this.limit.permits(subject) && this.told.add(subject);
		}
	}

	int remembered() {
		synchronized (this.told) {
			return this.told.size();
		}
	}

	long count(Direction direction) {
		return this.counts.get(direction.ordinal());
	}

}
