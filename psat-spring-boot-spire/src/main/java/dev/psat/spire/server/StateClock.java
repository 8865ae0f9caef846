package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.InterruptibleWait;
import dev.psat.concurrent.OnDemandThread;
import dev.psat.concurrent.RepeatedError;
import dev.psat.spire.SpireIdentity;

/**
 * Announces the states that the clock changes while a visit is in progress, which may
 * take minutes. Between visits, their schedule sees to that.
 */
final class StateClock implements AutoCloseable {

	private static final Duration TICK = Duration.ofSeconds(1);

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final SpirePublication publication;

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final OnDemandThread thread = new OnDemandThread("psat-spire-clock", this::run, new RepeatedError(
			SpireIdentity.class, "States are announced at the end of a visit after an unexpected error"));

	private volatile boolean visiting;

	StateClock(SpirePublication publication) {
		this.publication = publication;
	}

	/**
	 * Record that a visit begins.
	 */
	void start() {
		// before the first SVID, the clock changes nothing
		if (this.publication.snapshot().svid() != null) {
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
	void stop() {
		this.visiting = false;
		this.waiting.wake();
	}

	private void run() {
		while (this.visiting) {
			this.waiting.take(StateClock::tick);
			this.publication.announce();
		}
	}

	private static boolean tick() throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
		return false;
	}

	@Override
	public void close() {
		stop();
		this.thread.close(CLOSE_PATIENCE);
	}

}
