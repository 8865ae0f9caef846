package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
	public void await(CompletableFuture<?> done) {
		try {
			this.time.await(done, left().toNanos());
		}
		catch (TimeoutException | ExecutionException ex) {
			// the caller continues with whatever is known
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The same for a caller that, interrupted, waits nonetheless: the interrupt is meant
	 * for what it does next.
	 */
	public void awaitThroughInterrupts(CompletableFuture<?> done) {
		boolean interrupted = Thread.interrupted();
		while (!done.isDone() && !isOver()) {
			await(done);
			interrupted |= Thread.interrupted();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
