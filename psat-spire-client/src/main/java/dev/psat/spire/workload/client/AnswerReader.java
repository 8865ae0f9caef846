package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a request from the frames of its connection, and answers those that
 * want it. There is one stream, whose number is 1.
 */
final class AnswerReader {

	private static final int STREAM = RequestWriter.STREAM;

	private static final int MAX_BLOCK_LENGTH = HpackDecoder.MAX_LIST_SIZE;

	private static final int WINDOW_TO_OPEN = RequestWriter.FIRST_WINDOW / 2;

	private static final int ENABLE_PUSH = 2;

	private static final int INITIAL_WINDOW_SIZE = 4;

	private static final int MAX_FRAME_SIZE = 5;

	/** No error, an internal one, a stream that is refused or canceled, or too many. */
	private static final Set<Integer> NOT_OUR_FAULT = Set.of(0, 2, 7, 8, 11);

	private final HpackDecoder decoder = new HpackDecoder(new HeaderTable());

	private final FloodLimit floodLimit = new FloodLimit(System::nanoTime);

	private final MessageReader messages = new MessageReader();

	private final ByteArrayOutputStream block = new ByteArrayOutputStream();

	private final RequestWriter request;

	private final AnswerHeaders headers = new AnswerHeaders();

	/** What was received since the windows were opened last. */
	private int consumed;

	private boolean withinBlock;

	private boolean lastBlock;

	private boolean ended;

	private @Nullable Integer goodbye;

	AnswerReader(RequestWriter request) {
		this.request = request;
	}

	void read(FrameReader frame) throws IOException {
		ByteBuffer payload = frame.payload();
		if (frame.type() != FrameType.DATA) {
			this.floodLimit.count();
		}
		if (this.withinBlock && frame.type() != FrameType.CONTINUATION) {
			throw new MalformedAnswerException("A block of headers is interrupted");
		}
		switch (frame.type()) {
			case FrameType.DATA -> data(onStream(frame), payload);
			case FrameType.HEADERS -> headers(onStream(frame), payload);
			case FrameType.CONTINUATION -> continuation(onStream(frame), payload);
			case FrameType.PRIORITY -> priority(frame);
			case FrameType.RST_STREAM -> reset(number(onStream(frame)));
			case FrameType.SETTINGS -> settings(onConnection(frame), payload);
			case FrameType.PING -> ping(onConnection(frame), payload);
			case FrameType.GOAWAY -> goAway(onConnection(frame), payload);
			case FrameType.WINDOW_UPDATE -> windowUpdate(frame);
			case FrameType.PUSH_PROMISE ->
				throw new MalformedAnswerException("It promises what it was told not to push");
			default -> {
				// a frame of an extension
			}
		}
	}

	private static FrameReader onStream(FrameReader frame) {
		if (frame.stream() != STREAM) {
			throw malformed("A frame of type %d is about stream %d, which was not opened", frame.type(),
					frame.stream());
		}
		return frame;
	}

	private static FrameReader onConnection(FrameReader frame) {
		if (frame.stream() != 0) {
			throw malformed("A frame of type %d is about a stream", frame.type());
		}
		return frame;
	}

	private static int number(FrameReader frame) {
		if (frame.payload().remaining() != Integer.BYTES) {
			throw wrongLength(frame);
		}
		return frame.payload().getInt();
	}

	private void data(FrameReader frame, ByteBuffer payload) {
		this.consumed += payload.remaining();
		if (!this.headers.isReceived()) {
			throw malformed("Its answer has data before headers");
		}
		removePadding(frame, payload);
		if (!payload.hasRemaining()) {
			this.floodLimit.count();
		}
		this.messages.add(payload);
		if (frame.has(FrameType.END_STREAM)) {
			throw malformed("Its answer ends without a status");
		}
		if (this.consumed >= WINDOW_TO_OPEN) {
			this.request.openWindows(this.consumed);
			this.consumed = 0;
		}
	}

	private static void removePadding(FrameReader frame, ByteBuffer payload) {
		if (frame.has(FrameType.PADDED)) {
			int padding = payload.hasRemaining() ? payload.get() & 0xff : 0;
			if (padding > payload.remaining()) {
				throw malformed("A frame is all padding and more");
			}
			payload.limit(payload.limit() - padding);
		}
	}

	private void headers(FrameReader frame, ByteBuffer payload) {
		removePadding(frame, payload);
		if (frame.has(FrameType.PRIORITIZED)) {
			if (payload.remaining() < 5) {
				throw wrongLength(frame);
			}
			payload.position(payload.position() + 5);
		}
		this.lastBlock = frame.has(FrameType.END_STREAM);
		this.withinBlock = true;
		continuation(frame, payload);
	}

	private void continuation(FrameReader frame, ByteBuffer payload) {
		if (!this.withinBlock) {
			throw malformed("Headers are continued that have not begun");
		}
		if (payload.remaining() > MAX_BLOCK_LENGTH - this.block.size()) {
			throw malformed("The headers are larger than %d bytes", MAX_BLOCK_LENGTH);
		}
		byte[] part = new byte[payload.remaining()];
		payload.get(part);
		this.block.writeBytes(part);
		if (frame.has(FrameType.END_HEADERS)) {
			List<Header> headers = this.decoder.decode(this.block.toByteArray());
			this.block.reset();
			this.withinBlock = false;
			this.headers.add(headers, this.lastBlock);
			this.ended = this.lastBlock || this.headers.isFailed();
		}
	}

	/** Check a priority, which means nothing. */
	private static void priority(FrameReader frame) {
		if (frame.stream() == 0) {
			throw malformed("A frame of type %d is about no stream", frame.type());
		}
		if (frame.payload().remaining() != 5) {
			throw wrongLength(frame);
		}
	}

	private static void reset(int code) throws IOException {
		if (!NOT_OUR_FAULT.contains(code)) {
			throw malformed("It resets the stream with the HTTP/2 error %s", Integer.toUnsignedString(code));
		}
		throw new IOException("it ended the call with the HTTP/2 error %d".formatted(code));
	}

	private void settings(FrameReader frame, ByteBuffer payload) {
		if (payload.remaining() % 6 != 0 || frame.has(FrameType.ACK) && payload.hasRemaining()) {
			throw wrongLength(frame);
		}
		while (payload.hasRemaining()) {
			setting(payload.getShort(), payload.getInt());
		}
		if (!frame.has(FrameType.ACK)) {
			this.request.acknowledgeSettings();
		}
	}

	private void setting(int name, int value) {
		boolean valid = switch (name) {
			case ENABLE_PUSH -> value == 0;
			case INITIAL_WINDOW_SIZE -> value >= 0;
			case MAX_FRAME_SIZE -> value >= FrameReader.MAX_LENGTH && value < 1 << 24;
			default -> true;
		};
		if (!valid) {
			throw malformed("Setting %d has a value that it cannot have", name);
		}
		if (name == INITIAL_WINDOW_SIZE) {
			this.request.initialWindow(value);
		}
	}

	private void ping(FrameReader frame, ByteBuffer payload) {
		if (payload.remaining() != Long.BYTES) {
			throw wrongLength(frame);
		}
		if (!frame.has(FrameType.ACK)) {
			byte[] data = new byte[Long.BYTES];
			payload.get(data);
			this.request.acknowledgePing(data);
		}
	}

	private void goAway(FrameReader frame, ByteBuffer payload) throws IOException {
		if (payload.remaining() < 2 * Integer.BYTES) {
			throw wrongLength(frame);
		}
		int last = payload.getInt() & 0x7fffffff;
		this.goodbye = payload.getInt();
		if (last < STREAM) {
			throw lost();
		}
	}

	private void windowUpdate(FrameReader frame) {
		int increment = number(frame) & 0x7fffffff;
		if (increment == 0) {
			throw malformed("A window is opened by nothing");
		}
		this.request.windowOpened((frame.stream() != 0) ? onStream(frame).stream() : 0, increment);
	}

	private static MalformedAnswerException wrongLength(FrameReader frame) {
		return malformed("A frame of type %d has the wrong length", frame.type());
	}

	private static MalformedAnswerException malformed(String message, Object... arguments) {
		return new MalformedAnswerException(message.formatted(arguments));
	}

	boolean isBegun() {
		return this.headers.isReceived();
	}

	byte @Nullable [] poll() {
		return this.messages.poll();
	}

	/** Return whether the answer, all of whose messages were polled, is at its end. */
	boolean isEnded() throws WorkloadStatusException {
		if (!this.ended) {
			return false;
		}
		this.headers.checkStatus();
		if (this.messages.isWithinMessage()) {
			throw malformed("Its answer ends within a message");
		}
		return true;
	}

	IOException lost() {
		String when = !isBegun() ? "before anything was answered"
				: this.messages.isWithinMessage() ? "within a message" : "without a status";
		return new IOException("the connection ended " + when + ((this.goodbye != null)
				? ", as was announced with the HTTP/2 error %s".formatted(Integer.toUnsignedString(this.goodbye))
				: ""));
	}

}
