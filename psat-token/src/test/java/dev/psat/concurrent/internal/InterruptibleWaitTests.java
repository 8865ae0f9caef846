package dev.psat.concurrent.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InterruptibleWait}.
 */
class InterruptibleWaitTests {

	private final InterruptibleWait waiting = new InterruptibleWait();

	@Test
	void endsByItself() {
		assertThat(this.waiting.take(() -> false)).isFalse();
		assertThat(this.waiting.take(() -> true)).isTrue();
	}

	@Test
	void isCutShortByACall() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
			boolean early = this.waiting.take(() -> sleep(waiting));
			return early && !Thread.currentThread().isInterrupted();
		});
		assertThat(waiting.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		this.waiting.wake();
		assertThat(ended.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void isNotBegunAfterACall() {
		this.waiting.wake();
		this.waiting.wake();
		assertThat(this.waiting.take(() -> sleep(new CountDownLatch(1)))).isTrue();
		assertThat(this.waiting.take(() -> false)).isFalse();
	}

	@Test
	void callDuringANapDoesNotCountForTheNext() {
		assertThat(this.waiting.take(() -> {
			this.waiting.wake();
			Thread.interrupted();
			return false;
		})).isFalse();
		assertThat(this.waiting.take(() -> false)).isFalse();
	}

	@Test
	void strangersInterruptEndsItAndLeavesNoFlag() {
		assertThat(this.waiting.take(() -> {
			Thread.currentThread().interrupt();
			return sleep(new CountDownLatch(1));
		})).isTrue();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptFromBeforeTheNapDoesNotEndIt() {
		Thread.currentThread().interrupt();
		assertThat(this.waiting.take(Thread::interrupted)).isFalse();
	}

	private static boolean sleep(CountDownLatch waiting) throws InterruptedException {
		waiting.countDown();
		TimeUnit.MINUTES.sleep(1);
		return false;
	}

}
