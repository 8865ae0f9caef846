package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

	public record Deadline(Time time, long at) {

		public static Deadline in(Duration duration, Time time) {
			return new Deadline(time, time.nanos() + duration.toNanos());
		}

		public Duration left() {
			return Duration.ofNanos(Math.max(0, this.at - this.time.nanos()));
		}

		public boolean isOver() {
			return left().isZero();
		}

		/** Returns in any case, and preserves the interrupt status. */
		public void await(Future<?> future) {
			try {
				future.get(left().toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException | ExecutionException ex) {
				// the caller continues with whatever is known
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
