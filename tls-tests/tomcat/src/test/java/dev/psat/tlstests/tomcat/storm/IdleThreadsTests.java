package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.support.Matrix;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link IdleThreads}.
 */
@Matrix
class IdleThreadsTests {

	@Test
	void tellsWhichOneSpinsAndWhere() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		CountDownLatch begun = new CountDownLatch(1);
		Thread spinner = new Thread(() -> {
			begun.countDown();
			while (!over.get()) {
				Thread.onSpinWait();
			}
		}, "spinner");
		spinner.start();
		try {
			begun.await();
			IdleThreads threads = new IdleThreads();
			await().untilAsserted(() -> assertThat(threads.spinning()).singleElement()
				.asString()
				.startsWith("The thread spinner used PT")
				.contains("IdleThreadsTests"));
		}
		finally {
			over.set(true);
			spinner.join();
		}
	}

	@Test
	void leavesOutTheWatcher() {
		IdleThreads threads = new IdleThreads();
		long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
		String watcher = "The thread %s used".formatted(Thread.currentThread().getName());
		assertThat(threads.spinning()).noneMatch((thread) -> thread.startsWith(watcher));
	}

}
