package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import dev.psat.concurrent.internal.LeastDraws;
import dev.psat.concurrent.internal.Time;

/**
 * Time that passes by itself, and faster where a test says so, for those whose threads
 * never rest, as while they hold a stream. Chance draws the least, so that nobody waits
 * for long.
 */
public final class PassingTime {

	/** Guards what follows. */
	private final Object monitor = new Object();

	private Duration passed = Duration.ZERO;

	private final Time time = new Passing();

	/**
	 * Let time pass for everyone, and wake whoever has slept long enough then.
	 * @param time how much
	 */
	public void pass(Duration time) {
		synchronized (this.monitor) {
			this.passed = this.passed.plus(time);
			this.monitor.notifyAll();
		}
	}

	private Duration passed() {
		synchronized (this.monitor) {
			return this.passed;
		}
	}

	/**
	 * What everybody sees.
	 * @return the time
	 */
	public Time time() {
		return this.time;
	}

	private final class Passing implements Time {

		@Override
		public Clock clock() {
			InstantSource clock = () -> Instant.now().plus(passed());
			return clock.withZone(ZoneOffset.UTC);
		}

		@Override
		public long nanos() {
			return System.nanoTime() + passed().toNanos();
		}

		@Override
		public void sleep(long nanos) throws InterruptedException {
			synchronized (PassingTime.this.monitor) {
				long end = nanos() + nanos;
				for (long left = nanos; left > 0; left = end - nanos()) {
					TimeUnit.NANOSECONDS.timedWait(PassingTime.this.monitor, left);
				}
			}
		}

		@Override
		public <T> T await(CompletableFuture<T> answer, long nanos)
				throws InterruptedException, ExecutionException, TimeoutException {
			return Time.ofSystem().await(answer, nanos);
		}

		@Override
		public void start(Thread thread) {
			thread.start();
		}

		@Override
		public RandomGenerator random() {
			return new LeastDraws();
		}

	}

}
