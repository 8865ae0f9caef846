package dev.psat.spire.client;

/**
 * The server ended a call with a status other than success.
 */
final class GrpcStatusException extends Exception {

	private final transient GrpcStatus status;

	GrpcStatusException(GrpcStatus status) {
		super("Status %d: %s".formatted(status.code(), status.message()));
		this.status = status;
	}

	int code() {
		return this.status.code();
	}

	/**
	 * Return what the server says, without the code.
	 */
	String statusMessage() {
		return this.status.message();
	}

	/**
	 * Return the details, a {@code google.rpc.Status}.
	 * @return the bytes, none if there are no details
	 */
	byte[] details() {
		return this.status.details().toByteArray();
	}

}
