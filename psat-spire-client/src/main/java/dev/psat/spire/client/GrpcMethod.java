package dev.psat.spire.client;

import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A gRPC method that takes one message and returns one.
 *
 * @param fullName the name with service and package, such as
 * {@code spire.api.server.bundle.v1.Bundle/GetBundle}
 * @param status reads the status that an answer may hold, {@code null} for success
 */
record GrpcMethod(String fullName, Function<Message, @Nullable GrpcStatus> status) {

	GrpcMethod(String fullName) {
		this(fullName, (answer) -> null);
	}

	String path() {
		return "/" + this.fullName;
	}

	/**
	 * Parse an answer.
	 * @param bytes the message
	 * @param malformed creates the exception for an answer that cannot be parsed, as soon
	 * as that shows
	 * @return the answer
	 * @throws GrpcStatusException if the answer holds a status other than success
	 * @throws SpireException if it cannot be parsed
	 */
	Message parse(byte[] bytes, Supplier<SpireException> malformed) throws GrpcStatusException {
		Message answer = new Message(bytes, malformed);
		GrpcStatus status = this.status.apply(answer);
		if (status != null && !status.isOk()) {
			throw new GrpcStatusException(status);
		}
		return answer;
	}

}
