package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.X509Svid;

/**
 * When an SVID is due to be replaced: by the monotonic clock from its receipt, so that a
 * change of the wall clock causes no delay, and by the wall clock, so that a suspended
 * machine does not either.
 */
public record Renewal(long receivedAt, Duration after, Instant at) {

	public static Renewal of(X509Svid svid, double from, double to, Time time) {
		Duration life = Duration.between(svid.issuedAt(), svid.expiresAt());
		Duration after = Duration.ofMillis((long) (life.toMillis() * time.random().nextDouble(from, to)));
		return new Renewal(time.nanos(), after, time.now().plus(after));
	}

	public static Renewal now(Time time) {
		return new Renewal(time.nanos(), Duration.ZERO, time.now());
	}

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
