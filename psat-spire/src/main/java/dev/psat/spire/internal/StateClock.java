package dev.psat.spire.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;

/**
 * Announces the states that the clock changes while a visit is in progress, which may
 * take minutes. Between visits, their schedule sees to that.
 */
public final class StateClock implements AutoCloseable {

	private final BooleanSupplier worthwhile;

	private final Loop loop;

	private volatile boolean visiting;

	/**
	 * Before the first SVID, for one, no tick is worthwhile, which wakes a processor each
	 * time.
	 */
	public StateClock(String threadName, Duration tick, Runnable announcement, BooleanSupplier worthwhile, Time time) {
		this.worthwhile = worthwhile;
		this.loop = new Loop(threadName, (cue) -> {
			announcement.run();
			return this.visiting ? tick : null;
		}, new RepeatedError(SpireIdentity.class,
				"The states that the clock changes are announced after an unexpected error"), time);
	}

	public void start() {
		if (this.worthwhile.getAsBoolean()) {
			this.visiting = true;
			try {
				this.loop.start();
			}
			catch (OutOfMemoryError ex) {
				// no thread can be created: the end of the visit announces the state
			}
		}
	}

	public void stop() {
		this.visiting = false;
		this.loop.nudge();
	}

	@Override
	public void close() {
		this.visiting = false;
		this.loop.close();
	}

}
