package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.workload.client.FrameReader.Type;

final class RequestWriter {

	static final int STREAM = 1;

	/** The windows in which a connection and a stream begin. */
	static final int FIRST_WINDOW = 65535;

	private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final int PROTOCOL_ERROR = 1;

	private static final int ENABLE_PUSH = 2;

	private static final int MAX_HEADER_LIST_SIZE = 6;

	/** Who sends more that wants an answer does not read the answers. */
	private static final int MOST_WAITING = 64 * 1024;

	private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

	private final ByteBuffer body;

	private ByteBuffer leaving = ByteBuffer.allocate(0);

	private long connectionWindow = FIRST_WINDOW;

	private long streamWindow = FIRST_WINDOW;

	private int initialWindow = FIRST_WINDOW;

	/** Its windows may be smaller than those in which a connection begins. */
	private boolean settled;

	private boolean broken;

	RequestWriter(String method, byte[] message, String userAgent) {
		this.body = ByteBuffer.wrap(GrpcFrame.of(message));
		this.waiting.writeBytes(PREFACE);
		frame(Type.SETTINGS, 0, 0,
				ByteBuffer.allocate(12)
					.putShort((short) ENABLE_PUSH)
					.putInt(0)
					.putShort((short) MAX_HEADER_LIST_SIZE)
					.putInt(HpackDecoder.MAX_LIST_SIZE)
					.array());
		frame(Type.HEADERS, Type.END_HEADERS, STREAM,
				headers(":method", "POST", ":scheme", "http", ":path", "/" + method, ":authority", "localhost", "te",
						"trailers", "content-type", "application/grpc", "user-agent", userAgent, "workload.spiffe.io",
						"true"));
	}

	/** Encode headers as literals that nobody is to index (RFC 7541, section 6.2.2). */
	private static byte[] headers(String... namesAndValues) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < namesAndValues.length; i++) {
			if (i % 2 == 0) {
				block.write(0);
			}
			byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
			int rest = text.length - 0x7f;
			block.write(Math.min(text.length, 0x7f));
			for (; rest >= 0x80; rest >>>= 7) {
				block.write(rest & 0x7f | 0x80);
			}
			if (rest >= 0) {
				block.write(rest);
			}
			block.writeBytes(text);
		}
		return block.toByteArray();
	}

	private void frame(int type, int flags, int stream, byte[] payload) {
		this.waiting.writeBytes(
				ByteBuffer.allocate(9).putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).array());
		this.waiting.writeBytes(payload);
		if (this.waiting.size() > MOST_WAITING) {
			throw new WorkloadCall.MalformedAnswerException("It reads no answers to its questions");
		}
	}

	void acknowledgeSettings() {
		this.settled = true;
		frame(Type.SETTINGS, Type.ACK, 0, new byte[0]);
	}

	void acknowledgePing(byte[] payload) {
		frame(Type.PING, Type.ACK, 0, payload);
	}

	void openWindows(int increment) {
		byte[] payload = ByteBuffer.allocate(4).putInt(increment).array();
		frame(Type.WINDOW_UPDATE, 0, 0, payload);
		frame(Type.WINDOW_UPDATE, 0, STREAM, payload);
	}

	void windowOpened(int stream, int increment) {
		if (stream == 0) {
			this.connectionWindow = checked(this.connectionWindow + increment);
		}
		else {
			this.streamWindow = checked(this.streamWindow + increment);
		}
	}

	void initialWindow(int size) {
		this.streamWindow = checked(this.streamWindow + size - this.initialWindow);
		this.initialWindow = size;
	}

	private static long checked(long window) {
		if (window > Integer.MAX_VALUE) {
			throw new WorkloadCall.MalformedAnswerException("A window is larger than can be");
		}
		return window;
	}

	/** RFC 9113, section 5.4.1. Nothing else is sent after it. */
	void goAway(WorkloadSocket socket) {
		this.waiting.reset();
		this.body.position(this.body.limit());
		frame(Type.GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(0).putInt(PROTOCOL_ERROR).array());
		flush(socket);
	}

	/** Where the other side receives no more, what it sent before is worth reading. */
	boolean flush(WorkloadSocket socket) {
		try {
			while (!this.broken && prepare()) {
				socket.write(this.leaving);
				if (this.leaving.hasRemaining()) {
					return false;
				}
			}
		}
		catch (IOException ex) {
			this.broken = true;
		}
		return true;
	}

	private boolean prepare() {
		if (!this.leaving.hasRemaining()) {
			if (this.waiting.size() == 0) {
				requestMore();
			}
			this.leaving = ByteBuffer.wrap(this.waiting.toByteArray());
			this.waiting.reset();
		}
		return this.leaving.hasRemaining();
	}

	private void requestMore() {
		if (!this.settled) {
			return;
		}
		long window = Math.min(this.connectionWindow, this.streamWindow);
		int length = (int) Math.min(Math.min(this.body.remaining(), window), FrameReader.MAX_LENGTH);
		if (length > 0) {
			byte[] part = new byte[length];
			this.body.get(part);
			this.connectionWindow -= length;
			this.streamWindow -= length;
			frame(Type.DATA, this.body.hasRemaining() ? 0 : Type.END_STREAM, STREAM, part);
		}
	}

}
