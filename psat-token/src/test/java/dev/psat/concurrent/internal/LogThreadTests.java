package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.psat.support.DeepStack;
import dev.psat.support.HangingLog;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogThread}, and for those who use it here.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogThreadTests {

	private static final Duration SOON = Patience.LIMIT;

	private final LogThread lines = new LogThread("test-log",
			new RepeatedError(LogThreadTests.class, "A line could not be logged"), Time.ofSystem());

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
	void linesThatFailAreWarnedOfOnceUntilOneDoesNot(CapturedOutput output) {
		CountDownLatch released = new CountDownLatch(1);
		this.lines.execute(() -> Latches.await(released));
		for (int line = 0; line < 3; line++) {
			this.lines.execute(() -> {
				throw new IllegalStateException("on purpose");
			});
		}
		released.countDown();
		this.lines.close();
		assertThat(output.getOut()).containsOnlyOnce("A line could not be logged");
	}

	@Test
	void closeWaitsForTheLinesSoFarEvenIfInterrupted() {
		CountDownLatch released = new CountDownLatch(1);
		this.lines.execute(() -> Latches.await(released));
		log(0, 50);
		CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(() -> {
			Thread.currentThread().interrupt();
			released.countDown();
			this.lines.close();
			assertThat(this.logged).hasSize(50);
			return Thread.interrupted();
		});
		assertThat(interrupted).succeedsWithin(SOON).isEqualTo(true);
	}

	@Test
	void closeDoesNotWaitForALineThatHangsAndLeavesItAlone() {
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		List<Boolean> interrupted = new CopyOnWriteArrayList<>();
		this.lines.execute(() -> {
			hanging.countDown();
			Latches.await(released);
			interrupted.add(Thread.currentThread().isInterrupted());
		});
		Latches.await(hanging);
		log(0, 1);
		assertThat(CompletableFuture.runAsync(this.lines::close)).succeedsWithin(SOON);
		released.countDown();
		await().untilAsserted(() -> assertThat(this.logged).hasSize(1));
		assertThat(interrupted).containsExactly(false);
	}

	@Test
	void lineForWhichNoThreadCanBeCreatedIsLoggedWithTheNextOne() {
		boolean[] exhausted = { true };
		LogThread thread = new LogThread((task) -> {
			if (exhausted[0]) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return Threads.create("test-log", task);
		}, new RepeatedError(LogThreadTests.class, "on purpose"), Time.ofSystem());
		thread.execute(() -> this.logged.add(0));
		assertThat(this.logged).isEmpty();
		exhausted[0] = false;
		thread.execute(() -> this.logged.add(1));
		thread.close();
		assertThat(this.logged).containsExactly(0, 1);
	}

	@Test
	void errorInACallerKeepsNoOtherFromLogging() throws Exception {
		for (int dive = 0; dive < 20; dive++) {
			DeepStack.dive(() -> this.lines.execute(() -> {
			}), dive);
		}
		assertThat(CompletableFuture.runAsync(() -> {
			this.lines.close();
			log(0, 1);
			this.lines.close();
		})).succeedsWithin(SOON);
		assertThat(this.logged).hasSize(1);
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
			ending.join(Patience.MILLIS);
			assertThat(ending.isAlive()).isFalse();
		}
		finally {
			released.countDown();
		}
	}

	private void log(int from, int to) {
		IntStream.range(from, to).forEach((line) -> this.lines.execute(() -> this.logged.add(line)));
	}

	private static ConditionFactory await() {
		return Awaitility.await();
	}

}
