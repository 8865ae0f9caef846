package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Threads}.
 */
@Timeout(Patience.SECONDS)
class ThreadsTests {

	private static final Duration PATIENCE = Patience.LIMIT;

	private final CountDownLatch told = new CountDownLatch(1);

	@Test
	void threadThatEndsByItselfIsWaitedForAndNotInterrupted() {
		AtomicBoolean interrupted = new AtomicBoolean(true);
		Thread thread = Threads.create("test-ending", () -> {
			Latches.await(this.told);
			LockSupport.parkNanos(50_000_000);
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		this.told.countDown();
		Threads.end(thread, PATIENCE);
		assertThat(thread.isAlive()).isFalse();
		assertThat(interrupted).isFalse();
	}

	@Test
	void threadThatDoesNotEndIsInterruptedAndWaitedForAgain() {
		Thread thread = Threads.create("test-stubborn", () -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				// as it should be
			}
		});
		thread.start();
		Threads.end(thread, Duration.ofSeconds(1));
		assertThat(thread.isAlive()).isFalse();
	}

	@Test
	void callerThatHasBeenInterruptedWaitsNonethelessAndStaysInterrupted() {
		Thread thread = Threads.create("test-ending", () -> Latches.await(this.told));
		thread.start();
		Thread.currentThread().interrupt();
		this.told.countDown();
		Threads.end(thread, PATIENCE);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(thread.isAlive()).isFalse();
	}

	@Test
	void threadDoesNotWaitForItself() {
		Threads.end(Thread.currentThread(), PATIENCE);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

}
