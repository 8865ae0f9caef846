package dev.psat.spire.test;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.test.proto.GetFederatedBundleRequest;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * The Bundle API. Everyone gets the server's own bundle, as the transcripts
 * {@code bundle}, {@code bundle-unauthenticated}, {@code banned-bundle-after} and
 * {@code deleted-bundle-after} prove. Only agents get federated ones, each of them any,
 * as the transcripts {@code federation/*} prove.
 */
final class BundleService {

	private final String trustDomain;

	private final SimulatedTrustBundle trustBundle;

	private final SimulatedFederation federation;

	private final SimulatedFaults faults;

	private final ServerJournal journal;

	BundleService(String trustDomain, SimulatedTrustBundle trustBundle, SimulatedFederation federation,
			SimulatedFaults faults, ServerJournal journal) {
		this.trustDomain = trustDomain;
		this.trustBundle = trustBundle;
		this.federation = federation;
		this.faults = faults;
		this.journal = journal;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder(SpireMethod.GET_BUNDLE.service())
			.addMethod(SpireMethods.GET_BUNDLE, ServerCalls.asyncUnaryCall(this::getBundle))
			.addMethod(SpireMethods.GET_FEDERATED_BUNDLE, ServerCalls.asyncUnaryCall(this::getFederatedBundle))
			.build();
	}

	private void getBundle(GetBundleRequest request, StreamObserver<Bundle> answer) {
		answer.onNext(this.trustBundle.toMessage());
		answer.onCompleted();
	}

	private void getFederatedBundle(GetFederatedBundleRequest request, StreamObserver<Bundle> answer) {
		// Nobody is waited for who has gone meanwhile
		((ServerCallStreamObserver<Bundle>) answer).setOnCancelHandler(() -> {
		});
		try {
			String wanted = trustDomain(request.getTrustDomain());
			this.journal.federatedBundleCalled(wanted);
			this.faults.federatedBundle(wanted).whenResumed(() -> answer(wanted, answer));
		}
		catch (StatusRuntimeException ex) {
			answer.onError(ex);
		}
	}

	private void answer(String wanted, StreamObserver<Bundle> answer) {
		try {
			answer.onNext(federatedBundle(wanted));
			answer.onCompleted();
		}
		catch (StatusRuntimeException ex) {
			answer.onError(ex);
		}
	}

	private Bundle federatedBundle(String wanted) {
		Bundle ofTheTest = this.faults.federatedBundle(wanted).answer();
		if (ofTheTest != null) {
			return ofTheTest;
		}
		if (wanted.equals(this.trustDomain)) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT,
					"getting a federated bundle for the server's own trust domain is not allowed");
		}
		Bundle bundle = this.federation.answer(wanted);
		if (bundle == null) {
			throw Statuses.of(Status.Code.NOT_FOUND, "bundle not found");
		}
		return bundle;
	}

	private static String trustDomain(String name) {
		try {
			return SpiffeIds.trustDomain(name);
		}
		catch (IllegalArgumentException ex) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "trust domain argument is not valid: " + ex.getMessage());
		}
	}

}
