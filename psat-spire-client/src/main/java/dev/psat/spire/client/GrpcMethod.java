package dev.psat.spire.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * A method that takes one message and returns one, whatever gRPC calls its kind.
 *
 * @param <Q> type of the request
 * @param <A> type of the answer
 * @param fullName name with service and package, such as
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
			// no cause: it holds what has been parsed, which may be a JWT-SVID
			throw new SpireException(FailureReason.PROTOCOL_ERROR,
					"The answer to %s cannot be parsed".formatted(this.fullName));
		}
	}

}
