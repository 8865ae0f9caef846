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
 * Rotates when a token has reached the age at which kubelet requests the next one, and
 * retries after a pause if that fails. Uses one daemon thread, which checks the clock
 * five times a second, so that setting the clock or suspending a laptop does no harm.
 */
final class RotationSchedule {

	private static final Log logger = LogFactory.getLog(RotationSchedule.class);

	private static final Duration LONGEST_AGE = Duration.ofHours(24);

	private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private final Clock clock;

	private final Duration age;

	private final Duration longestPause;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private Instant due = Instant.MAX;

	/** How long the next failure postpones the rotation; zero while none has failed. */
	private Duration pause = Duration.ZERO;

	private volatile @Nullable Thread thread;

	RotationSchedule(Clock clock, Duration lifetime) {
		this.clock = clock;
		Duration eightyPercent = lifetime.multipliedBy(4).dividedBy(5);
		this.age = shorter(eightyPercent, LONGEST_AGE);
		this.longestPause = shorter(this.age, LONGEST_PAUSE);
	}

	void start(Runnable rotation) {
		Thread thread = new Thread(() -> run(rotation), "simulated-kubelet");
		thread.setDaemon(true);
		thread.start();
		this.thread = thread;
	}

	/**
	 * Restart the age, because a token has been written.
	 */
	synchronized void restart() {
		this.due = this.clock.instant().plus(this.age);
		if (!this.pause.isZero()) {
			this.pause = Duration.ZERO;
			logger.info("The simulated token is being rotated again");
		}
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
			while (!this.stopped.await(untilNextLook().toNanos(), TimeUnit.NANOSECONDS)) {
				rotateIfDue(rotation);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized Duration untilNextLook() {
		Duration untilDue = Duration.between(this.clock.instant(), this.due);
		return untilDue.isNegative() ? Duration.ZERO : shorter(untilDue, LONGEST_WAIT);
	}

	private void rotateIfDue(Runnable rotation) {
		if (!untilNextLook().isZero()) {
			return;
		}
		try {
			rotation.run();
		}
		catch (RuntimeException ex) {
			putOff(ex);
		}
	}

	private synchronized void putOff(RuntimeException failure) {
		boolean first = this.pause.isZero();
		if (first) {
			this.pause = LONGEST_WAIT;
		}
		this.due = this.clock.instant().plus(this.pause);
		this.pause = shorter(this.pause.multipliedBy(2), this.longestPause);
		// last, since who reads it may move the clock
		if (first) {
			logger.warn("The simulated token could not be rotated; retrying until it can be", failure);
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
