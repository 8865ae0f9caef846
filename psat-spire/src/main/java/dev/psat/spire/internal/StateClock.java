package dev.psat.spire.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.OnDemandThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;

/**
 * Announces the states that the clock changes while a visit is in progress, which may
 * take minutes. Between visits, their schedule sees to that.
 */
public final class StateClock implements AutoCloseable {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final Duration tick;

	private final Runnable announcement;

	private final BooleanSupplier worthwhile;

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final RepeatedError errors = new RepeatedError(SpireIdentity.class,
			"The states that the clock changes are announced after an unexpected error");

	private final OnDemandThread thread;

	private volatile boolean visiting;

	/**
	 * Create a clock that stands still.
	 * @param threadName the name of its thread
	 * @param tick how often to announce, which wakes a processor each time
	 * @param announcement announces the state
	 * @param worthwhile returns whether the clock can change anything, as before the
	 * first SVID it cannot
	 */
	public StateClock(String threadName, Duration tick, Runnable announcement, BooleanSupplier worthwhile) {
		this.tick = tick;
		this.announcement = announcement;
		this.worthwhile = worthwhile;
		this.thread = new OnDemandThread(threadName, this::run, this.errors);
	}

	/**
	 * Record that a visit begins.
	 */
	public void start() {
		if (this.worthwhile.getAsBoolean()) {
			this.visiting = true;
			try {
				this.thread.request();
			}
			catch (OutOfMemoryError ex) {
				// no thread can be created: the end of the visit announces the state
			}
		}
	}

	/**
	 * Record that the visit has ended.
	 */
	public void stop() {
		this.visiting = false;
		this.waiting.wake();
	}

	/**
	 * Whatever an announcement throws does not end the clock, or nobody would be told of
	 * what follows.
	 */
	private void run() {
		while (this.visiting) {
			try {
				this.waiting.take(this::tick);
				this.announcement.run();
				this.errors.over();
			}
			catch (Throwable ex) {
				this.errors.happened(ex);
				Thread.yield();
			}
		}
	}

	private boolean tick() throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(this.tick.toNanos());
		return false;
	}

	@Override
	public void close() {
		stop();
		this.thread.close(CLOSE_PATIENCE);
	}

}
