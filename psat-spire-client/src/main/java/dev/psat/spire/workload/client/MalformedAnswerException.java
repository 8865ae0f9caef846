package dev.psat.spire.workload.client;

/**
 * Thrown when what the other side sends is not HTTP/2, not gRPC, or meant to do harm. Its
 * message quotes no message, since that may hold a private key.
 */
final class MalformedAnswerException extends RuntimeException {

	MalformedAnswerException(String message) {
		super(message);
	}

}
