package dev.psat.spire.test;

import java.util.Arrays;

/**
 * Methods of the SPIFFE Workload API that the simulated one implements. It answers any
 * other with {@code Unimplemented}, and does not record that in the journal.
 *
 * @since 0.1.0
 */
public enum WorkloadMethod {

	/**
	 * Streams X509-SVIDs with their keys, and trust bundles.
	 */
	FETCH_X509_SVID("FetchX509SVID", false),

	/**
	 * Streams trust bundles with X.509 authorities.
	 */
	FETCH_X509_BUNDLES("FetchX509Bundles", false),

	/**
	 * Returns JWT-SVIDs.
	 */
	FETCH_JWT_SVID("FetchJWTSVID", true),

	/**
	 * Streams trust bundles with JWT authorities.
	 */
	FETCH_JWT_BUNDLES("FetchJWTBundles", true),

	/**
	 * Verifies a JWT-SVID.
	 */
	VALIDATE_JWT_SVID("ValidateJWTSVID", true);

	static final String SERVICE = "SpiffeWorkloadAPI";

	private final String method;

	private final boolean jwtProfile;

	WorkloadMethod(String method, boolean jwtProfile) {
		this.method = method;
		this.jwtProfile = jwtProfile;
	}

	/**
	 * Return the full name of the gRPC method.
	 * @return the name, such as {@code SpiffeWorkloadAPI/FetchX509SVID}
	 */
	public String fullName() {
		return SERVICE + "/" + this.method;
	}

	boolean isJwtProfile() {
		return this.jwtProfile;
	}

	static WorkloadMethod of(String fullName) {
		return Arrays.stream(values()).filter((method) -> method.fullName().equals(fullName)).findFirst().orElseThrow();
	}

}
