package dev.psat.spire.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.psat.spire.test.proto.Bundle;

/**
 * Messages of this module from those that protoc's code writes, and back.
 */
public final class Messages {

	private Messages() {
	}

	static Message of(MessageLite message) {
		return of(message.toByteArray());
	}

	static Message of(byte[] content) {
		return new Message(content,
				() -> new SpireException(FailureReason.PROTOCOL_ERROR, "The answer to a test cannot be parsed"));
	}

	static Bundle bundle(Message message) {
		try {
			return Bundle.parseFrom(message.content());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(ex);
		}
	}

}
