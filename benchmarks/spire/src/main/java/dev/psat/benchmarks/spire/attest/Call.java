package dev.psat.benchmarks.spire.attest;

import com.google.protobuf.Message;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.GetBundleRequest;

/**
 * A method of the SPIRE Server API. All take one message and return one.
 *
 * @param <Q> type of the request
 * @param <A> type of the answer
 * @param name its name, with service and package
 * @param request an empty request
 * @param answer an empty answer
 */
record Call<Q extends Message, A extends Message>(String name, Q request, A answer) {

	static final Call<GetBundleRequest, Bundle> GET_BUNDLE = new Call<>("spire.api.server.bundle.v1.Bundle/GetBundle",
			GetBundleRequest.getDefaultInstance(), Bundle.getDefaultInstance());

	static final Call<AttestAgentRequest, AttestAgentResponse> ATTEST_AGENT = new Call<>(
			"spire.api.server.agent.v1.Agent/AttestAgent", AttestAgentRequest.getDefaultInstance(),
			AttestAgentResponse.getDefaultInstance());

	static final Call<GetAuthorizedEntriesRequest, GetAuthorizedEntriesResponse> GET_AUTHORIZED_ENTRIES = new Call<>(
			"spire.api.server.entry.v1.Entry/GetAuthorizedEntries", GetAuthorizedEntriesRequest.getDefaultInstance(),
			GetAuthorizedEntriesResponse.getDefaultInstance());

	static final Call<BatchNewX509SVIDRequest, BatchNewX509SVIDResponse> BATCH_NEW_X509_SVID = new Call<>(
			"spire.api.server.svid.v1.SVID/BatchNewX509SVID", BatchNewX509SVIDRequest.getDefaultInstance(),
			BatchNewX509SVIDResponse.getDefaultInstance());

}
