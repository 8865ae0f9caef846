package dev.psat.token;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link OnDemandThread}.
 */
class OnDemandThreadTests {

	private static final String NAME = "on-demand-under-test";

	private final AtomicInteger runs = new AtomicInteger();

	@Test
	void runsOnceForEachRequestThatCameAfterTheLastRunBegan() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> {
			this.runs.incrementAndGet();
			begun.countDown();
			awaitLatch(go);
		});
		Future<Void> first = thread.request();
		begun.await();
		Future<Void> second = thread.request();
		assertThat(thread.request()).isSameAs(second).isNotSameAs(first);
		go.countDown();
		second.get(5, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void threadEndsWhenThereIsNothingToDo() throws Exception {
		OnDemandThread thread = new OnDemandThread(NAME, this.runs::incrementAndGet);
		for (int run = 1; run <= 3; run++) {
			thread.request().get(5, TimeUnit.SECONDS);
			assertThat(this.runs).hasValue(run);
			await().until(
					() -> Thread.getAllStackTraces().keySet().stream().noneMatch((any) -> any.getName().equals(NAME)));
		}
	}

	@Test
	void goesOnAfterAnError() throws Exception {
		OnDemandThread thread = new OnDemandThread(NAME, () -> {
			if (this.runs.incrementAndGet() == 1) {
				throw new StackOverflowError("on purpose");
			}
		});
		thread.request().get(5, TimeUnit.SECONDS);
		thread.request().get(5, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void threadThatDiedIsReplaced() throws Exception {
		AtomicInteger threads = new AtomicInteger();
		OnDemandThread thread = new OnDemandThread(
				(work) -> Threads.create(NAME, (threads.incrementAndGet() == 1) ? () -> {
					// dies before it has done anything
				} : work), this.runs::incrementAndGet, new Mishap("on purpose"));
		Future<Void> lost = thread.request();
		await().until(() -> Leftovers.threads(NAME).isEmpty());
		assertThat(lost.isDone()).isFalse();
		thread.request().get(5, TimeUnit.SECONDS);
		assertThat(this.runs).hasValue(1);
		assertThat(lost.isDone()).isTrue();
	}

	@Test
	void closeInterruptsATaskThatTakesTooLong() {
		CountDownLatch never = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> awaitLatch(never));
		Future<Void> running = thread.request();
		await().until(() -> Thread.getAllStackTraces().keySet().stream().anyMatch((any) -> any.getName().equals(NAME)));
		thread.close(Duration.ofMillis(50));
		assertThat(running.isDone()).isTrue();
		assertThat(thread.request().isDone()).isTrue();
	}

	@Test
	void closeThatIsInterruptedInterruptsTheTaskAllTheSame() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		OnDemandThread thread = new OnDemandThread(NAME, () -> awaitLatch(never));
		Future<Void> running = thread.request();
		await().until(() -> Thread.getAllStackTraces().keySet().stream().anyMatch((any) -> any.getName().equals(NAME)));
		Thread closing = new Thread(() -> thread.close(Duration.ofMinutes(1)));
		closing.start();
		await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
		closing.interrupt();
		running.get(5, TimeUnit.SECONDS);
		closing.join();
	}

	@Test
	void closeFromItsOwnTaskDoesNotWaitForItself() throws Exception {
		OnDemandThread[] thread = new OnDemandThread[1];
		thread[0] = new OnDemandThread(NAME, () -> thread[0].close(Duration.ofMinutes(1)));
		thread[0].request().get(5, TimeUnit.SECONDS);
		assertThat(thread[0].isClosed()).isTrue();
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
