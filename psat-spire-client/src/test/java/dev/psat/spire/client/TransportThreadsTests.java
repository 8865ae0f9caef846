package dev.psat.spire.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

	private final Network.TransportThreads threads = new Network.TransportThreads(Network.Sockets.usual().idle());

	@Test
	void tasksInSuccessionShareAThreadThatEndsWhenThereAreNoMore() throws Exception {
		int most = 1;
		long began = System.nanoTime();
		for (int task = 0; task < 20; task++) {
			long next = System.nanoTime();
			this.threads.submit(Thread::currentThread).thenAccept(this.used::add).get();
			// a machine that is so slow lets the thread end meanwhile
			most += (System.nanoTime() - began >= TimeUnit.SECONDS.toNanos(1)) ? 1 : 0;
			began = next;
			Set<Thread> present = new HashSet<>(this.used);
			await().pollInterval(Duration.ofMillis(1))
				.until(() -> present.stream()
					.allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive()));
		}
		assertThat(this.used).hasSizeBetween(1, most);
		await().untilAsserted(() -> assertThat(this.used).noneMatch(Thread::isAlive));
		assertThat(this.threads.submit(() -> "done")).succeedsWithin(Patience.LIMIT);
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
