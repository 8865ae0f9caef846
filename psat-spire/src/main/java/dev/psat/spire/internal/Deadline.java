package dev.psat.spire.internal;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
