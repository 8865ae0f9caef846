package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.X509Svid;

/**
 * When an SVID is due to be replaced: by the monotonic clock from its receipt, so that a
 * change of the wall clock causes no delay, and by the wall clock, so that a suspended
 * machine does not either.
 *
 * @param receivedAt the {@link System#nanoTime()} of the receipt
 * @param after how long after the receipt
 * @param at the instant by the wall clock
 */
public record Renewal(long receivedAt, Duration after, Instant at) {

	/**
	 * Draw a random renewal time for an SVID.
	 */
	public static Renewal of(X509Svid svid, double from, double to, Time time) {
		Duration life = Duration.between(svid.issuedAt(), svid.expiresAt());
		Duration after = Duration.ofMillis((long) (life.toMillis() * time.random().nextDouble(from, to)));
		return new Renewal(time.nanos(), after, time.now().plus(after));
	}

	/**
	 * Create a renewal that is due now.
	 */
	public static Renewal now(Time time) {
		return new Renewal(time.nanos(), Duration.ZERO, time.now());
	}

	/**
	 * Return one that is due later.
	 */
	Renewal later(Duration by) {
		return new Renewal(this.receivedAt, this.after.plus(by), this.at.plus(by));
	}

	public boolean isDue(Time time) {
		return left(time).isZero();
	}

	public Duration left(Time time) {
		Duration monotonic = this.after.minusNanos(time.nanos() - this.receivedAt);
		Duration wall = Duration.between(time.now(), this.at);
		Duration left = (monotonic.compareTo(wall) < 0) ? monotonic : wall;
		return left.isNegative() ? Duration.ZERO : left;
	}

}
