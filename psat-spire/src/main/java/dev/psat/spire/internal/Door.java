package dev.psat.spire.internal;

import java.time.Instant;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Where an identity comes from, and what is known of it at present.
 */
public interface Door<R extends LateStart.Run> {

	/**
	 * Return who is waited for, as advice names it.
	 */
	String issuer();

	Time time();

	Outcomes outcomes();

	R newRun();

	JwtSvids.Issuer jwtIssuer(JwtRequests<R> requests);

	@Nullable HeldSvid svid();

	/**
	 * Return the trust bundle of the own trust domain.
	 */
	@Nullable TrustBundle trustBundle();

	/**
	 * Return the X.509-SVID with the trust bundle that vouches for it.
	 */
	TlsSnapshot tls();

	Federation federation();

	boolean isOwn(TrustDomain trustDomain);

	SpireStatus status(Instant now);

}
