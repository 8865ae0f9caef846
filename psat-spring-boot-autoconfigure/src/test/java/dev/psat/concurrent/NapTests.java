package dev.psat.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Nap}.
 */
class NapTests {

	private final Nap nap = new Nap();

	@Test
	void endsByItself() {
		assertThat(this.nap.take(() -> false)).isFalse();
		assertThat(this.nap.take(() -> true)).isTrue();
	}

	@Test
	void isCutShortByACall() throws Exception {
		CountDownLatch napping = new CountDownLatch(1);
		CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
			boolean early = this.nap.take(() -> sleep(napping));
			return early && !Thread.currentThread().isInterrupted();
		});
		assertThat(napping.await(5, TimeUnit.SECONDS)).isTrue();
		this.nap.wake();
		assertThat(ended.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void isNotBegunAfterACall() {
		this.nap.wake();
		this.nap.wake();
		assertThat(this.nap.take(() -> sleep(new CountDownLatch(1)))).isTrue();
		assertThat(this.nap.take(() -> false)).isFalse();
	}

	@Test
	void callDuringANapDoesNotCountForTheNext() {
		assertThat(this.nap.take(() -> {
			this.nap.wake();
			Thread.interrupted();
			return false;
		})).isFalse();
		assertThat(this.nap.take(() -> false)).isFalse();
	}

	@Test
	void strangersInterruptEndsItAndLeavesNoFlag() {
		assertThat(this.nap.take(() -> {
			Thread.currentThread().interrupt();
			return sleep(new CountDownLatch(1));
		})).isTrue();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptFromBeforeTheNapDoesNotEndIt() {
		Thread.currentThread().interrupt();
		assertThat(this.nap.take(Thread::interrupted)).isFalse();
	}

	private static boolean sleep(CountDownLatch napping) throws InterruptedException {
		napping.countDown();
		TimeUnit.MINUTES.sleep(1);
		return false;
	}

}
