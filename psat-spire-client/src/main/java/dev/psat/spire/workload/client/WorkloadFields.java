package dev.psat.spire.workload.client;

final class WorkloadFields {

	static final int X509SVID_RESPONSE_SVIDS = 1;

	static final int X509SVID_RESPONSE_FEDERATED_BUNDLES = 3;

	static final int X509SVID_SPIFFE_ID = 1;

	static final int X509SVID_X509_SVID = 2;

	static final int X509SVID_X509_SVID_KEY = 3;

	static final int X509SVID_BUNDLE = 4;

	static final int X509SVID_HINT = 5;

	static final int X509BUNDLES_RESPONSE_BUNDLES = 2;

	static final int JWTSVID_REQUEST_AUDIENCE = 1;

	static final int JWTSVID_REQUEST_SPIFFE_ID = 2;

	static final int JWTSVID_RESPONSE_SVIDS = 1;

	static final int JWTSVID_SPIFFE_ID = 1;

	static final int JWTSVID_SVID = 2;

	static final int JWTSVID_HINT = 3;

	static final int JWT_BUNDLES_RESPONSE_BUNDLES = 1;

	static final int VALIDATE_JWTSVID_REQUEST_AUDIENCE = 1;

	static final int VALIDATE_JWTSVID_REQUEST_SVID = 2;

	static final int VALIDATE_JWTSVID_RESPONSE_SPIFFE_ID = 1;

	/** An entry of a map is a message of a key and a value. */
	static final int MAP_KEY = 1;

	static final int MAP_VALUE = 2;

	private WorkloadFields() {
	}

}
