package dev.psat.spire.client;

import java.util.function.Function;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC method that takes one message and returns one.
 *
 * @param <Q> the type of the request
 * @param <A> the type of the answer
 * @param fullName the name with service and package, such as
 * {@code spire.api.server.bundle.v1.Bundle/GetBundle}
 * @param parser parses the answer
 * @param status reads the status that an answer may hold, {@code null} for success
 */
record GrpcMethod<Q extends MessageLite, A extends MessageLite>(String fullName, Parser<A> parser,
		Function<A, @Nullable GrpcStatus> status) {

	GrpcMethod(String fullName, Parser<A> parser) {
		this(fullName, parser, (answer) -> null);
	}

	String path() {
		return "/" + this.fullName;
	}

	/**
	 * Parse an answer.
	 * @param bytes the message
	 * @return the answer
	 * @throws GrpcStatusException if the answer holds a status other than success
	 * @throws SpireException if it cannot be parsed
	 */
	A parse(byte[] bytes) throws GrpcStatusException {
		A answer = message(bytes);
		GrpcStatus status = this.status.apply(answer);
		if (status != null && !status.isOk()) {
			throw new GrpcStatusException(status);
		}
		return answer;
	}

	private A message(byte[] bytes) {
		try {
			return this.parser.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			// no cause, since it holds the message parsed so far, possibly a JWT-SVID
			throw new SpireException(FailureReason.PROTOCOL_ERROR,
					"The answer to %s cannot be parsed".formatted(this.fullName));
		}
	}

}
