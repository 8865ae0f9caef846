package dev.psat.spire.wire.internal;

import dev.psat.spiffe.internal.Quoted;

public final class GrpcStatusException extends Exception {

	private final transient GrpcStatus status;

	public GrpcStatusException(GrpcStatus status) {
		super("Status %d: %s".formatted(status.code(), Quoted.line(status.message())));
		this.status = status;
	}

	public GrpcStatus status() {
		return this.status;
	}

}
