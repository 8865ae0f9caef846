package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Repetition}.
 */
class RepetitionTests {

	@Test
	void whateverIsThrownIsAFailureAfterWhichItGoesOn() throws Exception {
		List<Throwable> thrown = List.of(new IOException("checked"), new IllegalStateException("unchecked"),
				new StackOverflowError("error"));
		Iterator<Throwable> next = thrown.iterator();
		Repetition repetition = Repetition.start("test", () -> {
			if (next.hasNext()) {
				Throwable failure = next.next();
				if (failure instanceof Error error) {
					throw error;
				}
				throw (Exception) failure;
			}
			return null;
		});
		Awaitility.await().until(() -> repetition.successes() > 0);
		repetition.close();
		assertThat(repetition.failures()).isEqualTo(thrown);
	}

	@Test
	void endsAfterWhatItDoesAtPresent() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Repetition repetition = Repetition.start("test", waiting(begun, release));
		begun.await();
		repetition.stop();
		release.countDown();
		repetition.close();
		assertThat(repetition.successes()).isOne();
		assertThat(repetition.failures()).isEmpty();
	}

	private static Callable<Probe> waiting(CountDownLatch begun, CountDownLatch release) {
		return () -> {
			begun.countDown();
			release.await();
			return null;
		};
	}

}
