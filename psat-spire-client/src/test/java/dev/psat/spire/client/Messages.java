package dev.psat.spire.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.X509Certificate;
import dev.psat.spire.wire.internal.Message;

/**
 * Messages of this module from those that protoc's code writes, and back.
 */
final class Messages {

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
			Bundle.Builder bundle = Bundle.newBuilder()
				.setTrustDomain(message.text(FieldNumbers.BUNDLE_TRUST_DOMAIN))
				.setRefreshHint(message.number(FieldNumbers.BUNDLE_REFRESH_HINT))
				.setSequenceNumber(message.number(FieldNumbers.BUNDLE_SEQUENCE_NUMBER));
			for (byte[] authority : message.all(FieldNumbers.BUNDLE_X509_AUTHORITIES)) {
				bundle.addX509Authorities(X509Certificate.parseFrom(authority));
			}
			for (byte[] authority : message.all(FieldNumbers.BUNDLE_JWT_AUTHORITIES)) {
				bundle.addJwtAuthorities(JWTKey.parseFrom(authority));
			}
			return bundle.build();
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(ex);
		}
	}

}
