package dev.psat.spire.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The methods of the SPIRE Server API that this client calls.
 */
final class Methods {

	static final GrpcMethod ATTEST_AGENT = new GrpcMethod("spire.api.server.agent.v1.Agent/AttestAgent");

	static final GrpcMethod POST_STATUS = new GrpcMethod("spire.api.server.agent.v1.Agent/PostStatus");

	static final GrpcMethod GET_BUNDLE = new GrpcMethod("spire.api.server.bundle.v1.Bundle/GetBundle");

	static final GrpcMethod GET_AUTHORIZED_ENTRIES = new GrpcMethod(
			"spire.api.server.entry.v1.Entry/GetAuthorizedEntries");

	static final GrpcMethod BATCH_NEW_X509_SVID = new GrpcMethod("spire.api.server.svid.v1.SVID/BatchNewX509SVID",
			Methods::status);

	static final GrpcMethod NEW_JWT_SVID = new GrpcMethod("spire.api.server.svid.v1.SVID/NewJWTSVID");

	/** A request without parameters. */
	static final byte[] EMPTY_REQUEST = {};

	private Methods() {
	}

	/**
	 * Return the status of the only SVID, which the answer holds instead of being one.
	 */
	private static @Nullable GrpcStatus status(Message answer) {
		List<Message> results = answer.messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS);
		if (results.size() != 1) {
			return null;
		}
		Message status = results.get(0).message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_STATUS);
		return new GrpcStatus((int) status.number(FieldNumbers.STATUS_CODE), status.text(FieldNumbers.STATUS_MESSAGE),
				new byte[0]);
	}

}
