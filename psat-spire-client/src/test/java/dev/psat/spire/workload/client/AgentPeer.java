package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.wire.internal.GrpcFrame;

/**
 * The agent's side of a connection, frame by frame.
 */
final class AgentPeer {

	static final int PREFACE_LENGTH = 24;

	/** What was received after the preface. */
	final List<Frame> received = new CopyOnWriteArrayList<>();

	private final SocketChannel channel;

	/** How many bytes to send at a time. */
	private int pace = Integer.MAX_VALUE;

	AgentPeer(SocketChannel channel) {
		this.channel = channel;
	}

	AgentPeer pace(int pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Say and hear what comes first, up to the end of the request.
	 */
	AgentPeer request() throws IOException {
		frame(FrameReader.Type.SETTINGS, 0, 0);
		return silentRequest();
	}

	/**
	 * Hear what comes first, up to the end of the request.
	 */
	AgentPeer silentRequest() throws IOException {
		bytes(PREFACE_LENGTH);
		while (true) {
			Frame frame = frame();
			if (frame.type() == FrameReader.Type.DATA && (frame.flags() & FrameReader.Type.END_STREAM) != 0) {
				return this;
			}
		}
	}

	/**
	 * Hear what comes before the request may be sent.
	 */
	AgentPeer opening() throws IOException {
		bytes(PREFACE_LENGTH);
		while (frame().type() != FrameReader.Type.HEADERS) {
			// settings
		}
		return this;
	}

	Frame frame() throws IOException {
		ByteBuffer header = bytes(9);
		int lengthAndType = header.getInt();
		Frame frame = new Frame(lengthAndType & 0xff, header.get() & 0xff, header.getInt(),
				bytes(lengthAndType >>> 8).array());
		this.received.add(frame);
		return frame;
	}

	ByteBuffer bytes(int length) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(length);
		while (bytes.hasRemaining()) {
			if (this.channel.read(bytes) < 0) {
				throw new EOFException();
			}
		}
		return bytes.flip();
	}

	/**
	 * Read until the other side closes the connection.
	 */
	void drain() throws IOException {
		while (this.channel.read(ByteBuffer.allocate(1 << 16)) >= 0) {
			// nothing to see
		}
	}

	AgentPeer raw(byte... bytes) throws IOException {
		ByteBuffer all = ByteBuffer.wrap(bytes);
		while (all.hasRemaining()) {
			int length = Math.min(this.pace, all.remaining());
			ByteBuffer part = all.slice(all.position(), length);
			while (part.hasRemaining()) {
				this.channel.write(part);
			}
			all.position(all.position() + length);
		}
		return this;
	}

	AgentPeer frame(int type, int flags, int stream, byte... payload) throws IOException {
		return raw(encode(type, flags, stream, payload));
	}

	static byte[] encode(int type, int flags, int stream, byte... payload) {
		return ByteBuffer.allocate(9 + payload.length)
			.putInt(payload.length << 8 | type)
			.put((byte) flags)
			.putInt(stream)
			.put(payload)
			.array();
	}

	/**
	 * Encode headers as literals (RFC 7541, section 6.2.2).
	 */
	static byte[] block(String... namesAndValues) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < namesAndValues.length; i++) {
			if (i % 2 == 0) {
				block.write(0);
			}
			byte[] text = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
			block.write(Math.min(text.length, 127));
			if (text.length >= 127) {
				int rest = text.length - 127;
				for (; rest >= 128; rest >>>= 7) {
					block.write(rest & 127 | 128);
				}
				block.write(rest);
			}
			block.writeBytes(text);
		}
		return block.toByteArray();
	}

	AgentPeer headers(String... namesAndValues) throws IOException {
		return frame(FrameReader.Type.HEADERS, FrameReader.Type.END_HEADERS, 1, block(namesAndValues));
	}

	AgentPeer grpcHeaders() throws IOException {
		return headers(":status", "200", "content-type", "application/grpc");
	}

	AgentPeer trailers(String... namesAndValues) throws IOException {
		return frame(FrameReader.Type.HEADERS, FrameReader.Type.END_HEADERS | FrameReader.Type.END_STREAM, 1,
				block(namesAndValues));
	}

	AgentPeer ok() throws IOException {
		return trailers("grpc-status", "0");
	}

	AgentPeer data(byte... data) throws IOException {
		return frame(FrameReader.Type.DATA, 0, 1, data);
	}

	AgentPeer message(String message) throws IOException {
		return data(framed(message));
	}

	static byte[] framed(String message) {
		return GrpcFrame.of(message.getBytes(StandardCharsets.UTF_8));
	}

	static byte[] numbers(int... numbers) {
		ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
		for (int number : numbers) {
			bytes.putInt(number);
		}
		return bytes.array();
	}

	/**
	 * A frame.
	 *
	 * @param type the type
	 * @param flags the flags
	 * @param stream the stream
	 * @param payload the payload
	 */
	record Frame(int type, int flags, int stream, byte[] payload) {

	}

}
