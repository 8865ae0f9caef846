package dev.psat.spire.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * A gRPC method that takes one message and returns one.
 *
 * @param <Q> the type of the request
 * @param <A> the type of the answer
 * @param fullName the name with service and package, such as
 * {@code spire.api.server.bundle.v1.Bundle/GetBundle}
 * @param parser parses the answer
 */
record GrpcMethod<Q extends MessageLite, A extends MessageLite>(String fullName, Parser<A> parser) {

	String path() {
		return "/" + this.fullName;
	}

	A parse(byte[] answer) {
		try {
			return this.parser.parseFrom(answer);
		}
		catch (InvalidProtocolBufferException ex) {
			// no cause, since it holds the message parsed so far, possibly a JWT-SVID
			throw new SpireException(FailureReason.PROTOCOL_ERROR,
					"The answer to %s cannot be parsed".formatted(this.fullName));
		}
	}

}
