package dev.psat.spire.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Network.TransportThreads}.
 */
class TransportThreadsTests {

	private final Set<Thread> used = ConcurrentHashMap.newKeySet();

	private final Network.TransportThreads threads = new Network.TransportThreads(Patience.LIMIT);

	@Test
	void tasksInSuccessionShareAThread() throws Exception {
		for (int task = 0; task < 20; task++) {
			this.threads.submit(Thread::currentThread).thenAccept(this.used::add).get();
			await().pollInterval(Duration.ofMillis(1))
				.until(() -> this.used.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		}
		assertThat(this.used).hasSize(1);
	}

	@Test
	void threadEndsWhenThereIsNothingMoreToDo() throws Exception {
		Network.TransportThreads threads = new Network.TransportThreads(Duration.ofMillis(10));
		Thread thread = threads.submit(Thread::currentThread).get();
		thread.join(Patience.MILLIS);
		assertThat(thread.isAlive()).isFalse();
		assertThat(threads.submit(() -> "done")).succeedsWithin(Patience.LIMIT);
	}

	@Test
	void taskThatBlocksKeepsNoOtherWaiting() {
		CountDownLatch over = new CountDownLatch(1);
		this.threads.execute(() -> Latches.awaitUninterrupted(over));
		assertThat(this.threads.submit(() -> "done")).succeedsWithin(Patience.LIMIT);
		over.countDown();
	}

	@Test
	void taskThatThrowsKeepsNoOtherFromRunning() {
		this.threads.execute(() -> {
			throw new StackOverflowError("on purpose");
		});
		assertThat(this.threads.submit(() -> "done")).succeedsWithin(Patience.LIMIT);
	}

	@Test
	void failureOfATaskIsThatOfItsResult() {
		Error cause = new StackOverflowError("on purpose");
		assertThat(this.threads.submit(() -> {
			throw cause;
		})).failsWithin(Patience.LIMIT).withThrowableThat().withCause(cause);
	}

}
