package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call must have ended, by the monotonic clock.
 *
 * @param start when it began, in nanoseconds
 * @param length how long it may take, in nanoseconds
 */
record Deadline(long start, long length) {

	private static final int MAX_TIMEOUT = 99_999_999;

	static Deadline in(Duration timeout) {
		return new Deadline(System.nanoTime(), TimeUnit.NANOSECONDS.convert(timeout));
	}

	/**
	 * Return a deadline from now on that is not later than this one.
	 */
	Deadline within(Duration timeout) {
		return new Deadline(System.nanoTime(), Math.min(TimeUnit.NANOSECONDS.convert(timeout), remaining()));
	}

	/**
	 * Return how much time is left.
	 * @return nanoseconds, 0 if the deadline has passed
	 */
	long remaining() {
		return Math.max(0, this.length - (System.nanoTime() - this.start));
	}

	boolean isPassed() {
		return remaining() == 0;
	}

	/**
	 * Return a deadline that is earlier, but leaves a second of what is left.
	 */
	Deadline earlier(Duration margin) {
		long remaining = remaining();
		long shorter = Math.max(remaining - margin.toNanos(), Math.min(remaining, TimeUnit.SECONDS.toNanos(1)));
		return new Deadline(System.nanoTime(), shorter);
	}

	/**
	 * Return the time that is left as gRPC writes it: eight digits at most. It is rounded
	 * up, so that the server does not give up before the client.
	 */
	String grpcTimeout() {
		long millis = TimeUnit.NANOSECONDS.toMillis(remaining()) + 1;
		return (millis <= MAX_TIMEOUT) ? millis + "m" : Math.min(millis / 1000 + 1, MAX_TIMEOUT) + "S";
	}

}
