package dev.psat.concurrent.internal;

import java.util.concurrent.Callable;
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
		assertThat(take(() -> false)).isFalse();
		assertThat(take(() -> true)).isTrue();
	}

	@Test
	void isCutShortByACall() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
			boolean early = take(() -> sleep(waiting));
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
		assertThat(take(() -> sleep(new CountDownLatch(1)))).isTrue();
		assertThat(take(() -> false)).isFalse();
	}

	@Test
	void callDuringANapDoesNotCountForTheNext() {
		assertThat(take(() -> {
			this.waiting.wake();
			Thread.interrupted();
			return false;
		})).isFalse();
		assertThat(take(() -> false)).isFalse();
	}

	@Test
	void strangersInterruptEndsItAndLeavesNoFlag() {
		assertThat(take(() -> {
			Thread.currentThread().interrupt();
			return sleep(new CountDownLatch(1));
		})).isTrue();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptFromBeforeTheNapDoesNotEndIt() {
		Thread.currentThread().interrupt();
		assertThat(take(Thread::interrupted)).isFalse();
	}

	private boolean take(Callable<Boolean> wait) {
		if (!this.waiting.begin()) {
			return true;
		}
		try {
			return wait.call();
		}
		catch (Exception ex) {
			assertThat(ex).isInstanceOf(InterruptedException.class);
			return true;
		}
		finally {
			this.waiting.end();
		}
	}

	private static boolean sleep(CountDownLatch waiting) throws InterruptedException {
		waiting.countDown();
		TimeUnit.MINUTES.sleep(1);
		return false;
	}

}
