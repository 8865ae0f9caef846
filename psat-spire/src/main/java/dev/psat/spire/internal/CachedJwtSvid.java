package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.JwtSvid;
import org.jspecify.annotations.Nullable;

/**
 * Its age is measured by both clocks of this machine: what the server's clock said at the
 * issue of one that is fresh does not matter.
 */
record CachedJwtSvid(JwtSvid svid, HeldSvid.Subject subject, Renewal replacement, Renewal expiry, BackOff backOff) {

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	static CachedJwtSvid of(JwtSvids.Issued issued, Renewal asked) {
		Duration left = left(issued, asked.at());
		return new CachedJwtSvid(issued.svid(), issued.subject(), asked.later(left.dividedBy(2)), asked.later(left),
				BackOff.NONE);
	}

	/**
	 * If the clock of this machine says that one has not been issued yet, or has expired,
	 * that clock is off, and tells nothing.
	 */
	private static Duration left(JwtSvids.Issued issued, Instant now) {
		JwtSvid svid = issued.svid();
		boolean credible = !now.isBefore(svid.issuedAt()) && now.isBefore(svid.expiresAt());
		return Duration.between((issued.fresh() || !credible) ? svid.issuedAt() : now, svid.expiresAt());
	}

	CachedJwtSvid failed(Time time) {
		return new CachedJwtSvid(this.svid, this.subject, this.replacement, this.expiry,
				this.backOff.failed(LONGEST_BACK_OFF, time));
	}

	boolean isUsable(HeldSvid.@Nullable Subject subject, Time time) {
		return !this.expiry.isDue(time) && this.subject.equals(subject);
	}

	boolean isToBeReplaced(Time time) {
		return this.replacement.isDue(time) && this.backOff.isOver(time);
	}

}
