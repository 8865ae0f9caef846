package dev.psat.spire;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Until when somebody waits.
 *
 * @param time the present
 * @param at when it is over, by the monotonic clock
 */
record Deadline(Time time, long at) {

	static Deadline in(Duration duration, Time time) {
		return new Deadline(time, time.nanos() + duration.toNanos());
	}

	/**
	 * Return what is left.
	 * @return the time, never negative
	 */
	Duration left() {
		return Duration.ofNanos(Math.max(0, this.at - this.time.nanos()));
	}

	boolean isOver() {
		return left().isZero();
	}

	/**
	 * Wait until something is done, whatever came of it, this is over, or the thread is
	 * interrupted, which it then still is.
	 * @param future what is to be done
	 */
	void await(Future<?> future) {
		try {
			future.get(left().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// what is known has to do
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
