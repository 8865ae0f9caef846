package dev.psat.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that a test sets. Until then it stands still, or runs with the system's.
 */
public final class MutableClock extends Clock {

	private final Clock base;

	private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

	private volatile boolean failing;

	/**
	 * Create a clock that stands still now.
	 */
	public MutableClock() {
		this(Instant.now());
	}

	/**
	 * Create a clock that stands still.
	 */
	public MutableClock(Instant now) {
		this(Clock.fixed(now, ZoneOffset.UTC));
	}

	private MutableClock(Clock base) {
		this.base = base;
	}

	/**
	 * Return a clock that runs with the system's.
	 */
	public static MutableClock running() {
		return new MutableClock(Clock.systemUTC());
	}

	public void set(Instant now) {
		setAhead(Duration.between(this.base.instant(), now));
	}

	/**
	 * Set how far the clock is ahead of how it was created.
	 */
	public void setAhead(Duration ahead) {
		this.ahead.set(ahead);
	}

	public void advance(Duration time) {
		this.ahead.updateAndGet((ahead) -> ahead.plus(time));
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
		return this.base.instant().plus(this.ahead.get());
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
