package dev.psat.spire.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message as framed by gRPC: one byte that tells whether it is compressed, four bytes
 * of length, and the message ("Length-Prefixed-Message" of gRPC over HTTP/2).
 */
final class GrpcFrame {

	private static final int HEADER_LENGTH = 5;

	/**
	 * The longest frame that is accepted, with a message of 16 MiB.
	 */
	static final int MAX_LENGTH = HEADER_LENGTH + 16 * 1024 * 1024;

	private GrpcFrame() {
	}

	static byte[] of(byte[] message) {
		return ByteBuffer.allocate(HEADER_LENGTH + message.length)
			.put((byte) 0)
			.putInt(message.length)
			.put(message)
			.array();
	}

	/**
	 * Return the message of a body that must consist of exactly one frame.
	 * @param body the body
	 * @return the message
	 * @throws SpireException if the body is anything else
	 */
	static byte[] message(byte[] body) {
		if (body.length == 0) {
			throw malformed("The answer holds neither a message nor a status");
		}
		if (body.length < HEADER_LENGTH) {
			throw malformed("The answer ends within the header of its message");
		}
		if (body[0] != 0) {
			throw malformed("The answer is compressed, although compression was not requested");
		}
		// a length of 2 GiB or more is negative here, and never that of a body
		int length = ByteBuffer.wrap(body).getInt(1);
		if (length != body.length - HEADER_LENGTH) {
			throw malformed("The answer has %d bytes and announces a message of %d".formatted(body.length,
					Integer.toUnsignedLong(length)));
		}
		return Arrays.copyOfRange(body, HEADER_LENGTH, body.length);
	}

	private static SpireException malformed(String message) {
		return new SpireException(FailureReason.PROTOCOL_ERROR, message);
	}

}
