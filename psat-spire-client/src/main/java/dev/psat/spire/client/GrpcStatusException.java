package dev.psat.spire.client;

import dev.psat.spire.wire.internal.GrpcStatus;

/**
 * Thrown when the server ends a call with a status other than success.
 */
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

	/**
	 * Return the same exception with the address of the server.
	 */
	GrpcStatusException at(String where) {
		return new GrpcStatusException(this.status, where);
	}

	String where() {
		return this.where;
	}

	int code() {
		return this.status.code();
	}

	/**
	 * Return the server's message, without the code.
	 */
	String statusMessage() {
		return this.status.message();
	}

	/**
	 * Return the details, a {@code google.rpc.Status}.
	 * @return the bytes, empty if there are no details
	 */
	byte[] details() {
		return this.status.details();
	}

}
