package dev.psat.benchmarks.notice;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.springframework.util.Assert;

/**
 * A thread that asks without a pause, from before a swap until it gets the new token.
 */
final class SpinningReader implements AutoCloseable {

	/** Longer than any poll interval: what is not noticed by now is missed. */
	private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "spinning-reader");
		thread.setDaemon(true);
		return thread;
	});

	/**
	 * Swap a volume.
	 * @param candidate the volume and its reader
	 * @param token the new token
	 * @return the nanoseconds from the rename until the reader had the new token,
	 * infinite if that has not happened
	 * @throws Exception if the volume cannot be swapped or the reader fails
	 */
	double time(Candidate candidate, String token) throws Exception {
		TokenReader reader = candidate.reader();
		Object before = reader.current();
		CountDownLatch spinning = new CountDownLatch(1);
		Future<OptionalLong> seenAt = this.thread.submit(() -> {
			spinning.countDown();
			return spin(reader, before);
		});
		spinning.await();
		long renamedAt = candidate.volume().swap(Candidate.bytes(token));
		OptionalLong end = seenAt.get();
		if (end.isEmpty()) {
			return Double.POSITIVE_INFINITY;
		}
		Assert.state(reader.has(token), "There is another token than the one that was written");
		return end.getAsLong() - renamedAt;
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	private static OptionalLong spin(TokenReader reader, Object before) {
		long began = System.nanoTime();
		long now = began;
		while (now - began < PATIENCE) {
			boolean seen = reader.current() != before;
			now = System.nanoTime();
			if (seen) {
				return OptionalLong.of(now);
			}
			Thread.onSpinWait();
		}
		return OptionalLong.empty();
	}

}
