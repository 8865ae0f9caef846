package dev.psat.spire;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: twice as long after each, with full jitter.
 */
final class BackOff {

	private static final Duration SHORTEST = Duration.ofMillis(200);

	private static final Duration FIRST = Duration.ofSeconds(1);

	private final RandomGenerator random;

	private int failures;

	BackOff(RandomGenerator random) {
		this.random = random;
	}

	/**
	 * Count a failure.
	 * @param first how long to wait at most after the first failure, if that is more than
	 * a second
	 * @param cap how long to wait at most
	 * @return how long to wait
	 */
	Duration failed(Duration first, Duration cap) {
		long base = Math.max(first.toMillis(), FIRST.toMillis());
		long bound = Math.min(cap.toMillis(), base << Math.min(this.failures, 20));
		this.failures++;
		return Duration.ofMillis(Math.max(SHORTEST.toMillis(), this.random.nextLong(bound + 1)));
	}

	void succeeded() {
		this.failures = 0;
	}

}
