package dev.psat.spire.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.DeepStack;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TransportThreads}.
 */
class TransportThreadsTests {

	private final Set<Thread> used = ConcurrentHashMap.newKeySet();

	private final TransportThreads threads = new TransportThreads();

	@Test
	void errorInACallerKeepsNoOtherFromSubmitting() throws Exception {
		for (int dive = 0; dive < 20; dive++) {
			TransportThreads threads = new TransportThreads();
			CountDownLatch over = new CountDownLatch(1);
			// each needs a thread of its own
			DeepStack.dive(() -> threads.execute(() -> Latches.awaitUninterrupted(over)), dive);
			assertThat(
					CompletableFuture.supplyAsync(() -> threads.submit(() -> "done")).thenCompose((result) -> result))
				.as("dive %d", dive)
				.succeedsWithin(Patience.LIMIT);
			over.countDown();
		}
	}

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
	void whoeverWaitsIsToldOfAFailureOnceThereIsMemoryAgain() {
		AtomicInteger full = new AtomicInteger(3);
		CompletableFuture<String> result = new CompletableFuture<>() {

			@Override
			public boolean completeExceptionally(Throwable ex) {
				if (full.getAndDecrement() > 0) {
					throw new OutOfMemoryError("on purpose");
				}
				return super.completeExceptionally(ex);
			}

		};
		CompletableFuture<String> waiting = result.copy();
		Exception cause = new IllegalStateException("expected");
		this.threads.execute(() -> {
			Thread.currentThread().interrupt();
			TransportThreads.fail(result, cause);
		});
		assertThat(result).failsWithin(Patience.LIMIT).withThrowableThat().withCause(cause);
		assertThat(waiting).failsWithin(Patience.LIMIT).withThrowableThat().withCause(cause);
	}

}
