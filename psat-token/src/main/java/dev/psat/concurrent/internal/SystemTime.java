package dev.psat.concurrent.internal;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

record SystemTime(Clock clock) implements Time {

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	@Override
	public void sleep(long nanos) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(nanos);
	}

	@Override
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		return answer.get(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void start(Thread thread) {
		thread.start();
	}

	/** Only spreads what many do, and needs no memory where the heap is full. */
	@Override
	public RandomGenerator random() {
		return ThreadLocalRandom.current();
	}

}
