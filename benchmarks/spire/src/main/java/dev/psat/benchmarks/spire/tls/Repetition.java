package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Does the same thing again and again in a thread of its own until it is told to stop.
 * Whatever is thrown is a failure, after which it goes on.
 */
final class Repetition implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(5);

	private final AtomicLong successes = new AtomicLong();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final List<Probe> probes = Collections.synchronizedList(new ArrayList<>());

	private final Callable<? extends @Nullable Probe> task;

	private final Thread thread;

	private volatile boolean over;

	private Repetition(String name, Callable<? extends @Nullable Probe> task) {
		this.task = task;
		this.thread = new Thread(this::run, name);
		this.thread.setDaemon(true);
	}

	static Repetition start(String name, Callable<? extends @Nullable Probe> task) {
		Repetition repetition = new Repetition(name, task);
		repetition.thread.start();
		return repetition;
	}

	private void run() {
		while (!this.over) {
			try {
				Probe probe = this.task.call();
				if (probe != null) {
					this.probes.add(probe);
				}
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
	 * Return what it has seen of certificates.
	 * @return the handshakes
	 */
	List<Probe> probes() {
		return List.copyOf(this.probes);
	}

	/**
	 * Let it stop after what it does at present.
	 */
	void stop() {
		this.over = true;
	}

	/**
	 * Let it stop, and wait until it has.
	 * @throws InterruptedException if interrupted
	 */
	@Override
	public void close() throws InterruptedException {
		stop();
		TimeUnit.NANOSECONDS.timedJoin(this.thread, PATIENCE.toNanos());
		Assert.state(!this.thread.isAlive(), () -> this.thread.getName() + " hangs");
	}

}
