package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.util.Assert;

/**
 * Does the same thing again and again in a thread of its own until it is told to stop.
 * Whatever is thrown is a failure, after which it goes on.
 */
final class Repetition {

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(5);

	private final AtomicLong successes = new AtomicLong();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Callable<?> task;

	private final Thread thread;

	private volatile boolean over;

	private Repetition(String name, Callable<?> task) {
		this.task = task;
		this.thread = new Thread(this::run, name);
		this.thread.setDaemon(true);
	}

	static Repetition start(String name, Callable<?> task) {
		Repetition repetition = new Repetition(name, task);
		repetition.thread.start();
		return repetition;
	}

	private void run() {
		while (!this.over) {
			try {
				this.task.call();
				this.successes.incrementAndGet();
			}
			catch (Exception | Error ex) {
				this.failures.add(ex);
				pause();
			}
		}
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
		}
		catch (InterruptedException ex) {
			// nobody interrupts to stop
		}
	}

	long successes() {
		return this.successes.get();
	}

	/**
	 * Return what was thrown.
	 * @return the failures
	 */
	List<Throwable> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Let it stop after what it does at present.
	 */
	void stop() {
		this.over = true;
	}

	/**
	 * Wait until it has stopped.
	 * @param patience how long to wait
	 * @throws InterruptedException if interrupted
	 * @throws IllegalStateException if it hangs
	 */
	void awaitEnd(Duration patience) throws InterruptedException {
		TimeUnit.NANOSECONDS.timedJoin(this.thread, patience.toNanos());
		Assert.state(!this.thread.isAlive(), () -> this.thread.getName() + " hangs");
	}

}
