package dev.psat.benchmarks.staleness;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until it is set.
 */
final class SimulatedClock extends Clock {

	private volatile long millis;

	SimulatedClock(Instant start) {
		this.millis = start.toEpochMilli();
	}

	void set(long millis) {
		this.millis = millis;
	}

	@Override
	public long millis() {
		return this.millis;
	}

	@Override
	public Instant instant() {
		return Instant.ofEpochMilli(this.millis);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException("Nobody asks for a date");
	}

}
