package dev.psat.spire;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Clocks and randomness, which tests can replace.
 *
 * @param clock the clock
 * @param nanoTime the monotonic clock
 * @param random the random generator
 */
record Time(Clock clock, LongSupplier nanoTime, RandomGenerator random) {

	Instant now() {
		return this.clock.instant();
	}

	long nanos() {
		return this.nanoTime.getAsLong();
	}

}
