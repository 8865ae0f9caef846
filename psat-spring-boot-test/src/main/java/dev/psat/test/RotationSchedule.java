package dev.psat.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Rotates when a token has reached the age at which kubelet asks for the next one. One
 * daemon thread, which looks at the clock five times a second, so that a clock that is
 * set or a laptop that slept does no harm.
 */
final class RotationSchedule {

	private static final Log logger = LogFactory.getLog(RotationSchedule.class);

	private static final Duration LONGEST_AGE = Duration.ofHours(24);

	private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

	private final Clock clock;

	private final Duration age;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile Instant due = Instant.MAX;

	private volatile @Nullable Thread thread;

	RotationSchedule(Clock clock, Duration lifetime) {
		this.clock = clock;
		Duration eightyPercent = lifetime.multipliedBy(4).dividedBy(5);
		this.age = (eightyPercent.compareTo(LONGEST_AGE) < 0) ? eightyPercent : LONGEST_AGE;
	}

	void start(Runnable rotation) {
		Thread thread = new Thread(() -> run(rotation), "simulated-kubelet");
		thread.setDaemon(true);
		thread.start();
		this.thread = thread;
	}

	/**
	 * Count the age from now, because a token has been written.
	 */
	void restart() {
		this.due = this.clock.instant().plus(this.age);
	}

	boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	void stop() {
		this.stopped.countDown();
	}

	/**
	 * Wait until the thread has ended, unless this is the thread.
	 */
	void join() {
		Thread thread = this.thread;
		if (thread == null || thread == Thread.currentThread()) {
			return;
		}
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void run(Runnable rotation) {
		try {
			Duration wait = untilDue();
			while (!this.stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
				wait = (!untilDue().isZero() || rotate(rotation)) ? untilDue() : LONGEST_WAIT;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Duration untilDue() {
		Instant now = this.clock.instant();
		if (!now.isBefore(this.due)) {
			return Duration.ZERO;
		}
		return now.isBefore(this.due.minus(LONGEST_WAIT)) ? LONGEST_WAIT : Duration.between(now, this.due);
	}

	private boolean rotate(Runnable rotation) {
		try {
			rotation.run();
			return true;
		}
		catch (RuntimeException ex) {
			logger.warn("The simulated token could not be rotated", ex);
			return false;
		}
	}

}
