package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;

import dev.psat.concurrent.internal.ShiftedTime;
import dev.psat.concurrent.internal.Time;

/**
 * Clocks and chance that do what a test says.
 */
public final class ManualTime {

	public static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

	private Instant now = START;

	private long nanos = -42;

	private double draw = 0.5;

	/**
	 * What everybody else sees.
	 * @return the time
	 */
	public Time time() {
		InstantSource clock = () -> this.now;
		return new ShiftedTime(clock.withZone(ZoneOffset.UTC), () -> this.nanos, new Draws());
	}

	/**
	 * Let time pass, by both clocks.
	 * @param time how much
	 */
	public void pass(Duration time) {
		step(time);
		this.nanos += time.toNanos();
	}

	/**
	 * Set the clock, which the monotonic one does not notice.
	 * @param time by how much
	 */
	public void step(Duration time) {
		this.now = this.now.plus(time);
	}

	/**
	 * Have all draws come out at the same place.
	 * @param share where between the bounds, from 0 to just under 1
	 */
	public void draw(double share) {
		this.draw = share;
	}

	private final class Draws implements RandomGenerator {

		@Override
		public long nextLong() {
			throw new UnsupportedOperationException("Only draws between bounds are expected");
		}

		@Override
		public long nextLong(long bound) {
			return (long) (bound * ManualTime.this.draw);
		}

		@Override
		public double nextDouble(double origin, double bound) {
			return origin + (bound - origin) * ManualTime.this.draw;
		}

	}

}
