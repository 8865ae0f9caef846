package dev.psat.spire.workload.client;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcStatus;

final class WorkloadStatusException extends Exception {

	private final transient GrpcStatus status;

	WorkloadStatusException(GrpcStatus status) {
		super("Status %d: %s".formatted(status.code(), Quoted.line(status.message())));
		this.status = status;
	}

	GrpcStatus status() {
		return this.status;
	}

}
