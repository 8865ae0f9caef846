package dev.psat.spire.workload.client;

import java.util.Objects;

import dev.psat.spiffe.JwtSvid;

/**
 * A JWT-SVID as the Workload API hands it out. Instances are immutable.
 *
 * @since 0.1.0
 */
public final class WorkloadJwtSvid {

	private final JwtSvid svid;

	private final boolean singleUse;

	/**
	 * Create a JWT-SVID.
	 * @param svid the JWT-SVID
	 * @param singleUse whether it is meant for a single use
	 */
	public WorkloadJwtSvid(JwtSvid svid, boolean singleUse) {
		this.svid = Objects.requireNonNull(svid, "'svid' must not be null");
		this.singleUse = singleUse;
	}

	/**
	 * Return the JWT-SVID, with the hint if it has one; its signature is not verified.
	 */
	public JwtSvid svid() {
		return this.svid;
	}

	/**
	 * Return whether it has the claim {@code jti}, so that it may be accepted only once.
	 */
	public boolean isSingleUse() {
		return this.singleUse;
	}

	@Override
	public String toString() {
		return "WorkloadJwtSvid[svid=%s, singleUse=%s]".formatted(this.svid, this.singleUse);
	}

}
