package dev.psat.soak;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The system clock, unless it is stepped.
 */
final class MovableClock extends Clock {

	private volatile Duration offset = Duration.ZERO;

	/**
	 * Step the clock.
	 * @param offset how far it is ahead of the system's from now on, negative if it is
	 * behind
	 */
	void step(Duration offset) {
		this.offset = offset;
	}

	@Override
	public Instant instant() {
		return Instant.now().plus(this.offset);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

}
