package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.DeepStack;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link OnDemandThread}.
 */
class OnDemandThreadTests {

	private static final String NAME = "on-demand-under-test";

	private final AtomicInteger runs = new AtomicInteger();

	private final RepeatedError repeatedError = new RepeatedError(OnDemandThread.class, "on purpose");

	@Test
	void runsOnceForEachRequestThatCameAfterTheLastRunBegan() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> {
			this.runs.incrementAndGet();
			begun.countDown();
			Latches.await(go);
		}, this.repeatedError, Time.ofSystem());
		Future<Void> first = thread.request();
		begun.await();
		Future<Void> second = thread.request();
		assertThat(thread.request()).isSameAs(second).isNotSameAs(first);
		go.countDown();
		second.get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void threadEndsWhenThereIsNothingToDo() throws Exception {
		OnDemandThread thread = new OnDemandThread(NAME, this.runs::incrementAndGet, this.repeatedError,
				Time.ofSystem());
		for (int run = 1; run <= 3; run++) {
			thread.request().get(Patience.SECONDS, TimeUnit.SECONDS);
			assertThat(this.runs).hasValue(run);
			await().until(() -> !isRunning());
		}
	}

	@Test
	void continuesAfterAnError() throws Exception {
		OnDemandThread thread = new OnDemandThread(NAME, () -> {
			if (this.runs.incrementAndGet() == 1) {
				throw new StackOverflowError("on purpose");
			}
		}, this.repeatedError, Time.ofSystem());
		thread.request().get(Patience.SECONDS, TimeUnit.SECONDS);
		thread.request().get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void errorInACallerKeepsNoOtherFromRequestingOrClosing() throws Exception {
		for (int dive = 0; dive < 20; dive++) {
			OnDemandThread thread = new OnDemandThread(NAME, this.runs::incrementAndGet, this.repeatedError,
					Time.ofSystem());
			DeepStack.dive(thread::request, dive);
			assertThat(CompletableFuture.supplyAsync(thread::request).thenCompose((run) -> (CompletableFuture<?>) run))
				.as("dive %d", dive)
				.succeedsWithin(Patience.LIMIT);
			assertThat(CompletableFuture.runAsync(() -> thread.close(Duration.ofSeconds(1))))
				.succeedsWithin(Patience.LIMIT);
		}
	}

	@Test
	void threadThatDiedIsReplaced() throws Exception {
		AtomicInteger threads = new AtomicInteger();
		OnDemandThread thread = new OnDemandThread(
				(work) -> Threads.create(NAME, (threads.incrementAndGet() == 1) ? () -> {
					// dies before it has done anything
				} : work), this.runs::incrementAndGet, this.repeatedError, Time.ofSystem());
		Future<Void> lost = thread.request();
		await().until(() -> !isRunning());
		assertThat(lost.isDone()).isFalse();
		thread.request().get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(1);
		assertThat(lost.isDone()).isTrue();
	}

	@Test
	void closeInterruptsATaskThatTakesTooLong() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> hang(begun), this.repeatedError, Time.ofSystem());
		Future<Void> running = thread.request();
		begun.await();
		thread.close(Duration.ofMillis(50));
		running.get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(thread.request().isDone()).isTrue();
	}

	@Test
	void closeWhenInterruptedStillInterruptsTheTask() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> hang(begun), this.repeatedError, Time.ofSystem());
		Future<Void> running = thread.request();
		begun.await();
		Thread closing = new Thread(() -> thread.close(Duration.ofMinutes(1)));
		closing.start();
		await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
		closing.interrupt();
		running.get(Patience.SECONDS, TimeUnit.SECONDS);
		closing.join();
	}

	@Test
	void closeFromItsOwnTaskDoesNotWaitForItself() throws Exception {
		OnDemandThread[] thread = new OnDemandThread[1];
		thread[0] = new OnDemandThread(NAME, () -> thread[0].close(Duration.ofMinutes(1)), this.repeatedError,
				Time.ofSystem());
		thread[0].request().get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(thread[0].request()).isDone();
	}

	private static void hang(CountDownLatch begun) {
		begun.countDown();
		Latches.await(new CountDownLatch(1));
	}

	private static boolean isRunning() {
		return !RunningThreads.named(NAME).isEmpty();
	}

}
