package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.client.AuthorizedEntry;
import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID in the cache. Its age is measured by both clocks of this machine, as that of
 * the X.509-SVID: what the server's clock said at its issue does not matter.
 *
 * @param svid the JWT-SVID
 * @param entry the entry for which it was issued
 * @param replacement when it is due to be replaced
 * @param expiry when it expires
 * @param setback the last failure to replace it, {@code null} if there was none
 */
record KeptJwtSvid(JwtSvid svid, AuthorizedEntry entry, Renewal replacement, Renewal expiry,
		@Nullable Setback setback) {

	/**
	 * Keep a JWT-SVID.
	 * @param issued the JWT-SVID
	 * @param asked a renewal from the moment in which it was requested, before which it
	 * was not issued
	 * @return the JWT-SVID in the cache
	 */
	static KeptJwtSvid of(JwtSvids.Issued issued, Renewal asked) {
		Duration life = Duration.between(issued.svid().issuedAt(), issued.svid().expiresAt());
		return new KeptJwtSvid(issued.svid(), issued.entry(), asked.later(life.dividedBy(2)), asked.later(life), null);
	}

	KeptJwtSvid failed(Time time) {
		Setback setback = (this.setback != null) ? this.setback.again(time) : Setback.first(time);
		return new KeptJwtSvid(this.svid, this.entry, this.replacement, this.expiry, setback);
	}

	boolean isToBeReplaced(Time time) {
		return this.replacement.isDue(time) && (this.setback == null || this.setback.isOver(time));
	}

	boolean isExpired(Time time) {
		return this.expiry.isDue(time);
	}

}
