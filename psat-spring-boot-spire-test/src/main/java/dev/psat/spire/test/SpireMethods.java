package dev.psat.spire.test;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.test.proto.GetFederatedBundleRequest;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.spire.test.proto.PostStatusResponse;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;

final class SpireMethods {

	static final MethodDescriptor<AttestAgentRequest, AttestAgentResponse> ATTEST_AGENT = method(
			SpireMethod.ATTEST_AGENT, MethodType.BIDI_STREAMING, AttestAgentRequest.getDefaultInstance(),
			AttestAgentResponse.getDefaultInstance());

	/** Always refused, hence without specific messages. */
	static final MethodDescriptor<Empty, Empty> RENEW_AGENT = method(SpireMethod.RENEW_AGENT, MethodType.UNARY,
			Empty.getDefaultInstance(), Empty.getDefaultInstance());

	static final MethodDescriptor<PostStatusRequest, PostStatusResponse> POST_STATUS = method(SpireMethod.POST_STATUS,
			MethodType.UNARY, PostStatusRequest.getDefaultInstance(), PostStatusResponse.getDefaultInstance());

	static final MethodDescriptor<GetBundleRequest, Bundle> GET_BUNDLE = method(SpireMethod.GET_BUNDLE,
			MethodType.UNARY, GetBundleRequest.getDefaultInstance(), Bundle.getDefaultInstance());

	static final MethodDescriptor<GetFederatedBundleRequest, Bundle> GET_FEDERATED_BUNDLE = method(
			SpireMethod.GET_FEDERATED_BUNDLE, MethodType.UNARY, GetFederatedBundleRequest.getDefaultInstance(),
			Bundle.getDefaultInstance());

	static final MethodDescriptor<GetAuthorizedEntriesRequest, GetAuthorizedEntriesResponse> GET_AUTHORIZED_ENTRIES = method(
			SpireMethod.GET_AUTHORIZED_ENTRIES, MethodType.UNARY, GetAuthorizedEntriesRequest.getDefaultInstance(),
			GetAuthorizedEntriesResponse.getDefaultInstance());

	static final MethodDescriptor<SyncAuthorizedEntriesRequest, SyncAuthorizedEntriesResponse> SYNC_AUTHORIZED_ENTRIES = method(
			SpireMethod.SYNC_AUTHORIZED_ENTRIES, MethodType.BIDI_STREAMING,
			SyncAuthorizedEntriesRequest.getDefaultInstance(), SyncAuthorizedEntriesResponse.getDefaultInstance());

	static final MethodDescriptor<BatchNewX509SVIDRequest, BatchNewX509SVIDResponse> BATCH_NEW_X509_SVID = method(
			SpireMethod.BATCH_NEW_X509_SVID, MethodType.UNARY, BatchNewX509SVIDRequest.getDefaultInstance(),
			BatchNewX509SVIDResponse.getDefaultInstance());

	static final MethodDescriptor<NewJWTSVIDRequest, NewJWTSVIDResponse> NEW_JWT_SVID = method(SpireMethod.NEW_JWT_SVID,
			MethodType.UNARY, NewJWTSVIDRequest.getDefaultInstance(), NewJWTSVIDResponse.getDefaultInstance());

	private SpireMethods() {
	}

	private static <R extends Message, A extends Message> MethodDescriptor<R, A> method(SpireMethod method,
			MethodType type, R request, A answer) {
		return MethodDescriptor.<R, A>newBuilder()
			.setType(type)
			.setFullMethodName(method.fullName())
			.setRequestMarshaller(ProtoUtils.marshaller(request))
			.setResponseMarshaller(ProtoUtils.marshaller(answer))
			.build();
	}

}
