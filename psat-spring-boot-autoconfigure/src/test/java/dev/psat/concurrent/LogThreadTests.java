package dev.psat.concurrent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.psat.support.HangingLog;
import dev.psat.support.Latches;
import dev.psat.support.RunningThreads;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogThread}, and for those who use it here.
 */
class LogThreadTests {

	private final LogThread lines = new LogThread("test-log",
			new RepeatedError(LogThreadTests.class, "A line could not be logged"));

	private final List<Integer> logged = new CopyOnWriteArrayList<>();

	@Test
	void linesKeepTheirOrderAndNoneEndsTheThread() {
		for (int i = 0; i < 50; i++) {
			int line = i;
			this.lines.execute(() -> {
				this.logged.add(line);
				if (line % 10 == 0) {
					throw new OutOfMemoryError("on purpose");
				}
			});
		}
		await().until(() -> this.logged.size() == 50);
		assertThat(this.logged).isSorted();
		await().until(() -> RunningThreads.named("test-log").isEmpty());
	}

	@Test
	void nobodyWaitsForALineThatHangsAndFewWaitInMemory() {
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		this.lines.execute(() -> {
			hanging.countDown();
			Latches.await(released);
		});
		Latches.await(hanging);
		IntStream.range(0, 1000).forEach((line) -> this.lines.execute(() -> this.logged.add(line)));
		assertThat(this.logged).isEmpty();
		released.countDown();
		await().until(() -> RunningThreads.named("test-log").isEmpty());
		assertThat(this.logged).hasSize(100).isSorted();
	}

	@Test
	void whoeverEndsAThreadDoesNotWaitForTheLog() throws InterruptedException {
		CountDownLatch released = new CountDownLatch(1);
		Thread stubborn = Threads.create("test-stubborn", () -> {
			while (released.getCount() > 0) {
				Thread.onSpinWait();
			}
		});
		stubborn.start();
		try (HangingLog log = new HangingLog(Threads.class.getName(), "Thread test-stubborn has not ended yet")) {
			Thread ending = new Thread(() -> Threads.end(stubborn, Duration.ofMillis(10)));
			ending.start();
			log.awaitHanging();
			ending.join(10_000);
			assertThat(ending.isAlive()).isFalse();
		}
		finally {
			released.countDown();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20));
	}

}
