package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The server's side of an HTTP/2 connection, frame by frame.
 */
final class Http2Peer {

	private static final int PREFACE_LENGTH = 24;

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int RST_STREAM = 3;

	private static final int SETTINGS = 4;

	private static final int PING = 6;

	private static final int GOAWAY = 7;

	private static final int WINDOW_UPDATE = 8;

	private static final int END_STREAM = 1;

	private static final int ACK = 1;

	private static final int END_HEADERS = 4;

	private final DataInputStream input;

	private final DataOutputStream output;

	private boolean begun;

	Http2Peer(InputStream input, OutputStream output) {
		this.input = new DataInputStream(input);
		this.output = new DataOutputStream(output);
	}

	/**
	 * Read up to the end of a request.
	 * @return the stream of the request
	 */
	int request() throws IOException {
		if (!this.begun) {
			this.input.readNBytes(PREFACE_LENGTH);
			write(SETTINGS, 0, 0, new byte[0]);
			this.begun = true;
		}
		while (true) {
			int length = this.input.readUnsignedShort() << 8 | this.input.readUnsignedByte();
			int type = this.input.readUnsignedByte();
			int flags = this.input.readUnsignedByte();
			int stream = this.input.readInt();
			this.input.readNBytes(length);
			if (type == SETTINGS && (flags & ACK) == 0) {
				write(SETTINGS, ACK, 0, new byte[0]);
			}
			if (type == DATA && (flags & END_STREAM) != 0) {
				return stream;
			}
		}
	}

	/**
	 * Wait until the client lets a stream go on.
	 */
	void windowOpened(int stream) throws IOException {
		int type;
		int opened;
		do {
			int length = this.input.readUnsignedShort() << 8 | this.input.readUnsignedByte();
			type = this.input.readUnsignedByte();
			this.input.readUnsignedByte();
			opened = this.input.readInt();
			this.input.readNBytes(length);
		}
		while (type != WINDOW_UPDATE || opened != stream);
	}

	/**
	 * Write headers.
	 * @param stream the stream
	 * @param end whether nothing follows
	 * @param namesAndValues the headers
	 */
	void headers(int stream, boolean end, String... namesAndValues) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			// literal, not indexed, no Huffman code (RFC 7541, section 6.2.2)
			block.write(0);
			writeText(block, namesAndValues[i]);
			writeText(block, namesAndValues[i + 1]);
		}
		write(HEADERS, end ? END_STREAM | END_HEADERS : END_HEADERS, stream, block.toByteArray());
	}

	private static void writeText(ByteArrayOutputStream block, String text) {
		block.write(text.length());
		block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	void grpcHeaders(int stream) throws IOException {
		headers(stream, false, ":status", "200", "content-type", "application/grpc");
	}

	void data(int stream, boolean end, byte... bytes) throws IOException {
		write(DATA, end ? END_STREAM : 0, stream, bytes);
	}

	/**
	 * Answer with a message.
	 */
	void message(int stream, byte[] frame) throws IOException {
		grpcHeaders(stream);
		data(stream, false, frame);
		headers(stream, true, "grpc-status", "0");
	}

	void reset(int stream, int code) throws IOException {
		write(RST_STREAM, 0, stream, new byte[] { 0, 0, 0, (byte) code });
	}

	void goAway(int lastStream) throws IOException {
		write(GOAWAY, 0, 0, new byte[] { 0, 0, 0, (byte) lastStream, 0, 0, 0, 0 });
	}

	/**
	 * Wait until the client has read what was written, or has closed the connection.
	 */
	void awaitRead() throws IOException {
		write(PING, 0, 0, new byte[8]);
		int type;
		do {
			int first = this.input.read();
			if (first < 0) {
				return;
			}
			int length = first << 16 | this.input.readUnsignedShort();
			type = this.input.readUnsignedByte();
			this.input.readNBytes(Byte.BYTES + Integer.BYTES + length);
		}
		while (type != PING);
	}

	private void write(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(frame);
		data.writeByte(payload.length >> 16);
		data.writeShort(payload.length);
		data.writeByte(type);
		data.writeByte(flags);
		data.writeInt(stream);
		data.write(payload);
		this.output.write(frame.toByteArray());
		this.output.flush();
	}

}
