package dev.psat.spire.test;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetBundleRequest;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * The Bundle API, which answers everyone, as the transcripts {@code bundle},
 * {@code bundle-unauthenticated}, {@code banned-bundle-after} and
 * {@code deleted-bundle-after} prove.
 */
final class BundleService {

	private final SimulatedTrustBundle trustBundle;

	BundleService(SimulatedTrustBundle trustBundle) {
		this.trustBundle = trustBundle;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder(SpireMethod.GET_BUNDLE.service())
			.addMethod(SpireMethods.GET_BUNDLE, ServerCalls.asyncUnaryCall(this::getBundle))
			.build();
	}

	private void getBundle(GetBundleRequest request, StreamObserver<Bundle> answer) {
		answer.onNext(this.trustBundle.toMessage());
		answer.onCompleted();
	}

}
