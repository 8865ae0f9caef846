package dev.psat.spire.client;

import dev.psat.spire.wire.internal.GrpcStatus;

final class GrpcStatusException extends Exception {

	private final transient GrpcStatus status;

	private final String where;

	GrpcStatusException(GrpcStatus status) {
		this(status, "an unknown address");
	}

	private GrpcStatusException(GrpcStatus status, String where) {
		super("Status %d: %s".formatted(status.code(), status.message()));
		this.status = status;
		this.where = where;
	}

	GrpcStatusException at(String where) {
		return new GrpcStatusException(this.status, where);
	}

	String where() {
		return this.where;
	}

	int code() {
		return this.status.code();
	}

	String statusMessage() {
		return this.status.message();
	}

	byte[] details() {
		return this.status.details();
	}

}
