package dev.psat.spire.wire.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * "Length-Prefixed-Message" of gRPC over HTTP/2: one byte that tells whether it is
 * compressed, four of length, and the message.
 */
public final class GrpcFrame {

	public static final int HEADER_LENGTH = 5;

	public static final int MAX_MESSAGE_LENGTH = 16 * 1024 * 1024;

	public static final int MAX_LENGTH = HEADER_LENGTH + MAX_MESSAGE_LENGTH;

	private GrpcFrame() {
	}

	public static byte[] of(byte[] message) {
		return ByteBuffer.allocate(HEADER_LENGTH + message.length)
			.put((byte) 0)
			.putInt(message.length)
			.put(message)
			.array();
	}

	public static byte[] message(byte[] body, Function<String, ? extends RuntimeException> malformed) {
		if (body.length == 0) {
			throw malformed.apply("The answer holds neither a message nor a status");
		}
		if (body.length < HEADER_LENGTH) {
			throw malformed.apply("The answer ends within the header of its message");
		}
		if (body[0] != 0) {
			throw malformed.apply("The answer is compressed, although compression was not requested");
		}
		// a length of 2 GiB or more is negative here, and never that of a body
		int length = ByteBuffer.wrap(body).getInt(1);
		if (length != body.length - HEADER_LENGTH) {
			throw malformed.apply("The answer has %d bytes and announces a message of %d".formatted(body.length,
					Integer.toUnsignedLong(length)));
		}
		return Arrays.copyOfRange(body, HEADER_LENGTH, body.length);
	}

}
