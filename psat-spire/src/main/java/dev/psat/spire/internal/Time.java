package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import dev.psat.concurrent.internal.Loop;

/** Clocks and randomness, which tests can replace. */
public record Time(Clock clock, LongSupplier nanoTime, RandomGenerator random) {

	public Instant now() {
		return this.clock.instant();
	}

	public long nanos() {
		return this.nanoTime.getAsLong();
	}

	/** Loops sleep in real time. */
	public Loop.Time ofLoops() {
		return new Loop.Time(this.clock, this.nanoTime, Loop.Sleep.OF_SYSTEM);
	}

}
