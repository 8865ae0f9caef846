package dev.psat.spire.workload.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts what is received into frames (RFC 9113, section 4.1). */
final class FrameReader {

	/** The longest payload, which our settings do not change. */
	static final int MAX_LENGTH = 16 * 1024;

	private static final int HEADER_LENGTH = 9;

	private static final int LENGTH_AND_TYPE = 4;

	private static final String OTHER_PROTOCOL = "It does not speak HTTP/2";

	private final ByteBuffer received = ByteBuffer.allocate(HEADER_LENGTH + MAX_LENGTH).limit(0);

	private ByteBuffer payload = ByteBuffer.allocate(0);

	private boolean begun;

	private int type;

	private int flags;

	private int stream;

	int fill(WorkloadSocket socket) throws IOException {
		this.received.compact();
		try {
			return socket.read(this.received);
		}
		finally {
			this.received.flip();
		}
	}

	boolean next() {
		if (this.received.remaining() < LENGTH_AND_TYPE) {
			return false;
		}
		int start = this.received.position();
		int lengthAndType = this.received.getInt(start);
		int length = lengthAndType >>> 8;
		this.type = lengthAndType & 0xff;
		if (!this.begun && (this.type != Type.SETTINGS || length > MAX_LENGTH)) {
			throw new WorkloadCall.MalformedAnswerException(OTHER_PROTOCOL);
		}
		if (length > MAX_LENGTH) {
			throw new WorkloadCall.MalformedAnswerException(
					"A frame has %d bytes instead of at most %d".formatted(length, MAX_LENGTH));
		}
		if (this.received.remaining() < HEADER_LENGTH + length) {
			return false;
		}
		this.begun = true;
		this.flags = this.received.get(start + 4) & 0xff;
		this.stream = this.received.getInt(start + 5) & 0x7fffffff;
		this.payload = this.received.slice(start + HEADER_LENGTH, length);
		this.received.position(start + HEADER_LENGTH + length);
		return true;
	}

	void checkEnd() {
		if (!this.begun && this.received.hasRemaining()) {
			throw new WorkloadCall.MalformedAnswerException(OTHER_PROTOCOL);
		}
	}

	int type() {
		return this.type;
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	int stream() {
		return this.stream;
	}

	/** Return the payload, of which what is read is gone, until more is received. */
	ByteBuffer payload() {
		return this.payload;
	}

	/** The types of frames (RFC 9113, section 6) and their flags. */
	static final class Type {

		static final int DATA = 0;

		static final int HEADERS = 1;

		static final int PRIORITY = 2;

		static final int RST_STREAM = 3;

		static final int SETTINGS = 4;

		static final int PUSH_PROMISE = 5;

		static final int PING = 6;

		static final int GOAWAY = 7;

		static final int WINDOW_UPDATE = 8;

		static final int CONTINUATION = 9;

		static final int ACK = 0x1;

		static final int END_STREAM = 0x1;

		static final int END_HEADERS = 0x4;

		static final int PADDED = 0x8;

		static final int PRIORITIZED = 0x20;

		private Type() {
		}

	}

}
