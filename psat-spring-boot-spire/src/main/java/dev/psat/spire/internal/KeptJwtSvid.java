package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.spiffe.JwtSvid;

/**
 * A JWT-SVID in the cache. Its age is measured by both clocks of this machine, as that of
 * the X.509-SVID: what the server's clock said at its issue does not matter.
 *
 * @param svid the JWT-SVID
 * @param subject what it was issued for
 * @param replacement when it is due to be replaced
 * @param expiry when it expires
 * @param backOff the failures to replace it
 */
record KeptJwtSvid(JwtSvid svid, SvidSubject subject, Renewal replacement, Renewal expiry, BackOff backOff) {

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	/**
	 * Keep a JWT-SVID.
	 * @param issued the JWT-SVID
	 * @param asked a renewal from the moment in which it was requested, before which it
	 * was not issued
	 * @return the JWT-SVID in the cache
	 */
	static KeptJwtSvid of(JwtSvids.Issued issued, Renewal asked) {
		Duration life = Duration.between(issued.svid().issuedAt(), issued.svid().expiresAt());
		return new KeptJwtSvid(issued.svid(), issued.subject(), asked.later(life.dividedBy(2)), asked.later(life),
				BackOff.NONE);
	}

	KeptJwtSvid failed(Time time) {
		return new KeptJwtSvid(this.svid, this.subject, this.replacement, this.expiry,
				this.backOff.failed(LONGEST_BACK_OFF, time));
	}

	boolean isToBeReplaced(Time time) {
		return this.replacement.isDue(time) && this.backOff.isOver(time);
	}

	boolean isExpired(Time time) {
		return this.expiry.isDue(time);
	}

}
