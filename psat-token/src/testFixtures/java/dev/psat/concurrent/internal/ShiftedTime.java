package dev.psat.concurrent.internal;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The system's time, but for clocks and chance.
 */
public record ShiftedTime(Clock clock, LongSupplier nanoTime, RandomGenerator random) implements Time {

	@Override
	public long nanos() {
		return this.nanoTime.getAsLong();
	}

	@Override
	public void sleep(long nanos) throws InterruptedException {
		Time.ofSystem().sleep(nanos);
	}

	@Override
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		return Time.ofSystem().await(answer, nanos);
	}

	@Override
	public void start(Thread thread) {
		thread.start();
	}

}
