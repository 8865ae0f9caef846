package dev.psat.spire.client;

import com.google.protobuf.ByteString;
import dev.psat.spire.client.proto.AttestAgentRequest;
import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.client.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.client.proto.GetBundleRequest;
import dev.psat.spire.client.proto.NewJWTSVIDRequest;
import dev.psat.spire.client.proto.NewJWTSVIDResponse;
import dev.psat.spire.client.proto.PostStatusRequest;
import dev.psat.spire.client.proto.PostStatusResponse;
import dev.psat.spire.client.proto.Status;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the SPIRE Server API that this client calls.
 */
final class Methods {

	static final GrpcMethod<AttestAgentRequest, AttestAgentResponse> ATTEST_AGENT = new GrpcMethod<>(
			"spire.api.server.agent.v1.Agent/AttestAgent", AttestAgentResponse.parser());

	static final GrpcMethod<PostStatusRequest, PostStatusResponse> POST_STATUS = new GrpcMethod<>(
			"spire.api.server.agent.v1.Agent/PostStatus", PostStatusResponse.parser());

	static final GrpcMethod<GetBundleRequest, Bundle> GET_BUNDLE = new GrpcMethod<>(
			"spire.api.server.bundle.v1.Bundle/GetBundle", Bundle.parser());

	static final GrpcMethod<GetAuthorizedEntriesRequest, GetAuthorizedEntriesResponse> GET_AUTHORIZED_ENTRIES = new GrpcMethod<>(
			"spire.api.server.entry.v1.Entry/GetAuthorizedEntries", GetAuthorizedEntriesResponse.parser());

	static final GrpcMethod<BatchNewX509SVIDRequest, BatchNewX509SVIDResponse> BATCH_NEW_X509_SVID = new GrpcMethod<>(
			"spire.api.server.svid.v1.SVID/BatchNewX509SVID", BatchNewX509SVIDResponse.parser(), Methods::status);

	static final GrpcMethod<NewJWTSVIDRequest, NewJWTSVIDResponse> NEW_JWT_SVID = new GrpcMethod<>(
			"spire.api.server.svid.v1.SVID/NewJWTSVID", NewJWTSVIDResponse.parser());

	private Methods() {
	}

	/**
	 * Return the status of the only SVID, which the answer holds instead of being one.
	 */
	private static @Nullable GrpcStatus status(BatchNewX509SVIDResponse answer) {
		if (answer.getResultsCount() != 1) {
			return null;
		}
		Status status = answer.getResults(0).getStatus();
		return new GrpcStatus(status.getCode(), status.getMessage(), ByteString.EMPTY);
	}

}
