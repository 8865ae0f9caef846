package dev.psat.spire.workload.client;

import java.security.PrivateKey;
import java.util.Objects;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;

/**
 * An X.509-SVID as the Workload API hands it out, with its private key and the trust
 * bundle of its trust domain. Instances are immutable.
 *
 * @since 0.1.0
 */
public final class WorkloadX509Svid {

	private final X509Svid svid;

	private final PrivateKey privateKey;

	private final TrustBundle trustBundle;

	/**
	 * Create an X.509-SVID with what belongs to it.
	 * @param svid the X.509-SVID
	 * @param privateKey its private key
	 * @param trustBundle the trust bundle of its trust domain
	 */
	public WorkloadX509Svid(X509Svid svid, PrivateKey privateKey, TrustBundle trustBundle) {
		this.svid = Objects.requireNonNull(svid, "'svid' must not be null");
		this.privateKey = Objects.requireNonNull(privateKey, "'privateKey' must not be null");
		this.trustBundle = Objects.requireNonNull(trustBundle, "'trustBundle' must not be null");
	}

	/** Return the X.509-SVID, with the hint if it has one. */
	public X509Svid svid() {
		return this.svid;
	}

	/** Return the private key. */
	public PrivateKey privateKey() {
		return this.privateKey;
	}

	/**
	 * Return the trust bundle of its trust domain, with only X.509 authorities; it need
	 * not {@linkplain TrustBundle#verifyIssued vouch} for the SVID: an agent may hand out
	 * one whose authority was revoked, until it replaces it.
	 */
	public TrustBundle trustBundle() {
		return this.trustBundle;
	}

	@Override
	public String toString() {
		return "WorkloadX509Svid[svid=%s, trustBundle=%s]".formatted(this.svid, this.trustBundle);
	}

}
