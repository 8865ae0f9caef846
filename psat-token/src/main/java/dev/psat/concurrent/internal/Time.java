package dev.psat.concurrent.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Time and chance. Nothing else tells what time it is, waits, or starts a thread, so that
 * a test can be the master of all three.
 */
public interface Time {

	static Time ofSystem() {
		return of(Clock.systemUTC());
	}

	/** The system's time, but for the wall clock. */
	static Time of(Clock clock) {
		return new SystemTime(clock);
	}

	Clock clock();

	default Instant now() {
		return clock().instant();
	}

	/** The monotonic time, which has any origin and may overflow. */
	long nanos();

	void sleep(long nanos) throws InterruptedException;

	<T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException;

	/** Throws an {@link OutOfMemoryError} if no thread can be created. */
	void start(Thread thread);

	RandomGenerator random();

}
