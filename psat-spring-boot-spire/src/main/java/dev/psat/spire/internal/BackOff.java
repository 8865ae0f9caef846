package dev.psat.spire.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter. The wait doubles with each failure.
 */
public final class BackOff {

	private static final Duration SHORTEST = Duration.ofMillis(200);

	private static final Duration FIRST = Duration.ofSeconds(1);

	private final RandomGenerator random;

	private int failures;

	public BackOff(RandomGenerator random) {
		this.random = random;
	}

	/**
	 * Count a failure.
	 * @param atLeast how long to wait at least. The jitter takes up what the cap leaves
	 * above it, but at least as much again, so that clients refused at the same time do
	 * not return at the same time
	 * @param cap how long to wait at most
	 * @return how long to wait
	 */
	public Duration failed(Duration atLeast, Duration cap) {
		long from = atLeast.toMillis();
		long base = Math.max(2 * from, FIRST.toMillis());
		long bound = Math.min(Math.max(2 * from, cap.toMillis()), base << Math.min(this.failures, 20));
		this.failures++;
		return Duration.ofMillis(Math.max(SHORTEST.toMillis(), from + this.random.nextLong(bound - from + 1)));
	}

	public void succeeded() {
		this.failures = 0;
	}

}
