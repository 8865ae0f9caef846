package dev.psat.spire.test;

import dev.psat.spire.test.proto.HealthCheckRequest;
import dev.psat.spire.test.proto.HealthCheckResponse;
import dev.psat.spire.test.proto.HealthCheckResponse.ServingStatus;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * gRPC's health checks at the socket of an agent, which is healthy while it answers
 * workloads, even if it denies them an identity. A real one asks itself for X509-SVIDs;
 * this one looks at its faults, and does not wait. Source: {@code health/v1/service.go}.
 */
final class HealthService {

	static final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> CHECK = MethodDescriptor
		.<HealthCheckRequest, HealthCheckResponse>newBuilder()
		.setType(MethodType.UNARY)
		.setFullMethodName("grpc.health.v1.Health/Check")
		.setRequestMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
		.setResponseMarshaller(ProtoUtils.marshaller(HealthCheckResponse.getDefaultInstance()))
		.build();

	private final WorkloadFaults faults;

	HealthService(WorkloadFaults faults) {
		this.faults = faults;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder("grpc.health.v1.Health")
			.addMethod(CHECK, ServerCalls.asyncUnaryCall(this::check))
			.build();
	}

	private void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
		if (!request.getService().isEmpty()) {
			answer.onError(Statuses.of(Status.Code.INVALID_ARGUMENT, "per-service health is not supported"));
			return;
		}
		ServingStatus status = this.faults.isFailing() ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
		answer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
		answer.onCompleted();
	}

}
