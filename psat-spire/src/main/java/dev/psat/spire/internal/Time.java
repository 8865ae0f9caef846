package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Clocks and randomness, which tests can replace.
 */
public record Time(Clock clock, LongSupplier nanoTime, RandomGenerator random) {

	public Instant now() {
		return this.clock.instant();
	}

	public long nanos() {
		return this.nanoTime.getAsLong();
	}

}
