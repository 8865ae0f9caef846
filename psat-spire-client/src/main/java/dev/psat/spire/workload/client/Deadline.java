package dev.psat.spire.workload.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a wait ends, by the monotonic clock.
 *
 * @param start when it began, in nanoseconds
 * @param length how long it may take, in nanoseconds
 */
record Deadline(long start, long length) {

	/** That of whoever waits for what may never happen. */
	static final Deadline NEVER = new Deadline(System.nanoTime(), Long.MAX_VALUE);

	static Deadline in(Duration timeout) {
		return new Deadline(System.nanoTime(), TimeUnit.NANOSECONDS.convert(timeout));
	}

	boolean isPassed() {
		return System.nanoTime() - this.start >= this.length;
	}

	/**
	 * Return how long to wait before the deadline is looked at again.
	 * @return milliseconds, at least one
	 */
	long millis(long longest) {
		long left = TimeUnit.NANOSECONDS.toMillis(this.length - (System.nanoTime() - this.start));
		return Math.max(1, Math.min(left + 1, longest));
	}

	Duration duration() {
		return Duration.ofNanos(this.length);
	}

}
