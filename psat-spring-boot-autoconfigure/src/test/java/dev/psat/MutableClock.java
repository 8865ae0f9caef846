package dev.psat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that is set by hand and otherwise runs with the system's.
 */
public final class MutableClock extends Clock {

	private volatile Duration offset = Duration.ZERO;

	public void set(Instant now) {
		this.offset = Duration.between(Instant.now(), now);
	}

	public void setAhead(Duration offset) {
		this.offset = offset;
	}

	public void step(Duration step) {
		this.offset = this.offset.plus(step);
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
		return this;
	}

}
