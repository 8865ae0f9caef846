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
		return left() <= 0;
	}

	/**
	 * Return the deadline that passes first.
	 */
	Deadline orSooner(Deadline other) {
		return (other.left() < left()) ? other : this;
	}

	private long left() {
		return this.length - (System.nanoTime() - this.start);
	}

	/**
	 * Return how long to wait before the deadline is looked at again.
	 * @return milliseconds, at least one
	 */
	long millis(long longest) {
		long left = TimeUnit.NANOSECONDS.toMillis(left());
		return Math.max(1, Math.min(left + 1, longest));
	}

	Duration duration() {
		return Duration.ofNanos(this.length);
	}

}
