package dev.psat.spire.client;

final class FieldNumbers {

	static final int ATTESTATION_DATA_TYPE = 1;

	static final int ATTESTATION_DATA_PAYLOAD = 2;

	static final int AGENT_X509SVID_PARAMS_CSR = 1;

	static final int ATTEST_AGENT_REQUEST_PARAMS = 1;

	static final int ATTEST_AGENT_REQUEST_PARAMS_DATA = 1;

	static final int ATTEST_AGENT_REQUEST_PARAMS_PARAMS = 2;

	static final int ATTEST_AGENT_RESPONSE_RESULT = 1;

	static final int ATTEST_AGENT_RESPONSE_CHALLENGE = 2;

	static final int ATTEST_AGENT_RESPONSE_RESULT_SVID = 1;

	static final int POST_STATUS_REQUEST_AGENT_VERSION = 2;

	static final int GET_FEDERATED_BUNDLE_REQUEST_TRUST_DOMAIN = 1;

	static final int BUNDLE_TRUST_DOMAIN = 1;

	static final int BUNDLE_X509_AUTHORITIES = 2;

	static final int BUNDLE_JWT_AUTHORITIES = 3;

	static final int BUNDLE_REFRESH_HINT = 4;

	static final int BUNDLE_SEQUENCE_NUMBER = 5;

	static final int X509CERTIFICATE_ASN1 = 1;

	static final int X509CERTIFICATE_TAINTED = 2;

	static final int JWT_KEY_PUBLIC_KEY = 1;

	static final int JWT_KEY_KEY_ID = 2;

	static final int JWT_KEY_EXPIRES_AT = 3;

	static final int JWT_KEY_TAINTED = 4;

	static final int GET_AUTHORIZED_ENTRIES_REQUEST_OUTPUT_MASK = 1;

	static final int GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES = 1;

	static final int ENTRY_ID = 1;

	static final int ENTRY_SPIFFE_ID = 2;

	static final int ENTRY_SELECTORS = 4;

	static final int ENTRY_FEDERATES_WITH = 6;

	static final int ENTRY_ADMIN = 7;

	static final int ENTRY_DOWNSTREAM = 8;

	static final int ENTRY_REVISION_NUMBER = 11;

	static final int ENTRY_STORE_SVID = 12;

	static final int ENTRY_HINT = 14;

	static final int ENTRY_CREATED_AT = 15;

	static final int ENTRY_ADDITIONAL_ATTRIBUTES = 16;

	static final int ENTRY_ADDITIONAL_ATTRIBUTES_JWT_SVID_INCLUDE_JTI = 2;

	static final int SPIFFEID_TRUST_DOMAIN = 1;

	static final int SPIFFEID_PATH = 2;

	static final int SELECTOR_TYPE = 1;

	static final int SELECTOR_VALUE = 2;

	static final int BATCH_NEW_X509SVID_REQUEST_PARAMS = 1;

	static final int NEW_X509SVID_PARAMS_ENTRY_ID = 1;

	static final int NEW_X509SVID_PARAMS_CSR = 2;

	static final int BATCH_NEW_X509SVID_RESPONSE_RESULTS = 1;

	static final int BATCH_NEW_X509SVID_RESPONSE_RESULT_STATUS = 1;

	static final int BATCH_NEW_X509SVID_RESPONSE_RESULT_SVID = 2;

	static final int X509SVID_CERT_CHAIN = 1;

	static final int NEW_JWTSVID_REQUEST_ENTRY_ID = 1;

	static final int NEW_JWTSVID_REQUEST_AUDIENCE = 2;

	static final int NEW_JWTSVID_RESPONSE_SVID = 1;

	static final int JWTSVID_TOKEN = 1;

	static final int STATUS_CODE = 1;

	static final int STATUS_MESSAGE = 2;

	static final int STATUS_DETAILS = 3;

	static final int ANY_TYPE_URL = 1;

	static final int ANY_VALUE = 2;

	static final int PERMISSION_DENIED_DETAILS_REASON = 1;

	private FieldNumbers() {
	}

}
