package dev.psat.spire.client;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

record GrpcMethod(String fullName, Function<Message, @Nullable GrpcStatus> status) {

	static final GrpcMethod ATTEST_AGENT = new GrpcMethod("spire.api.server.agent.v1.Agent/AttestAgent");

	static final GrpcMethod POST_STATUS = new GrpcMethod("spire.api.server.agent.v1.Agent/PostStatus");

	static final GrpcMethod GET_BUNDLE = new GrpcMethod("spire.api.server.bundle.v1.Bundle/GetBundle");

	static final GrpcMethod GET_FEDERATED_BUNDLE = new GrpcMethod(
			"spire.api.server.bundle.v1.Bundle/GetFederatedBundle");

	static final GrpcMethod GET_AUTHORIZED_ENTRIES = new GrpcMethod(
			"spire.api.server.entry.v1.Entry/GetAuthorizedEntries");

	static final GrpcMethod BATCH_NEW_X509_SVID = new GrpcMethod("spire.api.server.svid.v1.SVID/BatchNewX509SVID",
			GrpcMethod::ofTheOnlySvid);

	static final GrpcMethod NEW_JWT_SVID = new GrpcMethod("spire.api.server.svid.v1.SVID/NewJWTSVID");

	static final byte[] EMPTY_REQUEST = {};

	GrpcMethod(String fullName) {
		this(fullName, (answer) -> null);
	}

	String path() {
		return "/" + this.fullName;
	}

	Message parse(byte[] bytes, Supplier<SpireException> malformed) throws GrpcStatus.NotOkException {
		Message answer = new Message(bytes, malformed);
		GrpcStatus status = this.status.apply(answer);
		if (status != null) {
			status.check();
		}
		return answer;
	}

	/** The answer holds the status of the only SVID instead of being one. */
	private static @Nullable GrpcStatus ofTheOnlySvid(Message answer) {
		List<Message> results = answer.messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS);
		if (results.size() != 1) {
			return null;
		}
		Message status = results.get(0).message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_STATUS);
		return new GrpcStatus((int) status.number(FieldNumbers.STATUS_CODE), status.text(FieldNumbers.STATUS_MESSAGE),
				new byte[0]);
	}

}
