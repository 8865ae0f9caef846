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

	private volatile boolean failing;

	public void set(Instant now) {
		this.offset = Duration.between(Instant.now(), now);
	}

	public void setAhead(Duration offset) {
		this.offset = offset;
	}

	public void step(Duration step) {
		this.offset = this.offset.plus(step);
	}

	/**
	 * Let the clock fail, as one of a user's may.
	 */
	public void setFailing(boolean failing) {
		this.failing = failing;
	}

	@Override
	public Instant instant() {
		if (this.failing) {
			throw new IllegalStateException("on purpose");
		}
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
