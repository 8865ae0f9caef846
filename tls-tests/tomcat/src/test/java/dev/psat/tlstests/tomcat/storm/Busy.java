package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import dev.psat.support.soak.Thrown;
import dev.psat.support.soak.Violations;

/**
 * A thread that does the same thing all the time, and never lets anything of it pass that
 * takes too long or ends in a way that nobody expects.
 */
final class Busy extends Thread {

	private final Weather weather;

	private final Weather.Call call;

	private final Duration bound;

	private final Duration pause;

	private final Violations violations;

	private volatile boolean over;

	/**
	 * Begin.
	 * @param name what it does
	 * @param weather whether anything may be wrong
	 * @param call what it does
	 * @param bound no call may take longer
	 * @param pause the pause between two calls
	 * @param violations is told of what must not happen
	 */
	Busy(String name, Weather weather, Weather.Call call, Duration bound, Duration pause, Violations violations) {
		super(name);
		setDaemon(true);
		this.weather = weather;
		this.call = call;
		this.bound = bound;
		this.pause = pause;
		this.violations = violations;
		start();
	}

	@Override
	public void run() {
		while (!this.over) {
			this.weather.during(this::make);
			LockSupport.parkNanos(this.pause.toNanos());
		}
	}

	private void make(boolean calm) {
		long begun = System.nanoTime();
		try {
			this.call.make(calm);
		}
		catch (RuntimeException | Error ex) {
			this.violations.add("%s ended with %s".formatted(getName(), Thrown.describe(ex)));
		}
		Duration time = Duration.ofNanos(System.nanoTime() - begun);
		if (time.compareTo(this.bound) > 0) {
			this.violations.add("%s took %s".formatted(getName(), time));
		}
	}

	/**
	 * End after the call that is under way.
	 */
	void end() throws InterruptedException {
		this.over = true;
		join(this.bound.toMillis());
		if (isAlive()) {
			this.violations.add("%s has not ended".formatted(getName()));
		}
	}

}
