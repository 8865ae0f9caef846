package dev.psat.spire.workload.client;

import java.io.IOException;
import java.nio.ByteBuffer;

import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import dev.psat.spire.workload.client.FrameReader.Type;
import org.jspecify.annotations.Nullable;

/** Obeys the frames of a connection with one stream. */
final class AnswerReader {

	private static final int STREAM = RequestWriter.STREAM;

	private static final int WINDOW_TO_OPEN = RequestWriter.FIRST_WINDOW / 2;

	private static final int ENABLE_PUSH = 2;

	private static final int INITIAL_WINDOW_SIZE = 4;

	private static final int MAX_FRAME_SIZE = 5;

	private final FloodLimit floodLimit;

	private final MessageReader messages = new MessageReader();

	private final RequestWriter request;

	private final AnswerHeaders headers = new AnswerHeaders();

	/** What was received since the windows were opened last. */
	private int consumed;

	private @Nullable Integer goodbye;

	AnswerReader(RequestWriter request, Time time) {
		this.request = request;
		this.floodLimit = new FloodLimit(time);
	}

	void read(FrameReader frame) throws IOException {
		ByteBuffer payload = frame.payload();
		if (frame.type() != Type.DATA) {
			this.floodLimit.count();
		}
		if (this.headers.isWithinBlock() && frame.type() != Type.CONTINUATION) {
			throw new WorkloadCall.MalformedAnswerException("A block of headers is interrupted");
		}
		switch (frame.type()) {
			case Type.DATA -> data(onStream(frame), payload);
			case Type.HEADERS -> headers(onStream(frame), payload);
			case Type.CONTINUATION ->
				this.headers.continueBlock(onStream(frame).payload(), frame.has(Type.END_HEADERS));
			case Type.PRIORITY -> priority(frame);
			case Type.RST_STREAM -> reset(number(onStream(frame)));
			case Type.SETTINGS -> settings(onConnection(frame), payload);
			case Type.PING -> ping(onConnection(frame), payload);
			case Type.GOAWAY -> goAway(onConnection(frame), payload);
			case Type.WINDOW_UPDATE -> windowUpdate(frame);
			case Type.PUSH_PROMISE ->
				throw new WorkloadCall.MalformedAnswerException("It promises what it was told not to push");
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
		if (frame.has(Type.END_STREAM)) {
			throw malformed("Its answer ends without a status");
		}
		if (this.consumed >= WINDOW_TO_OPEN) {
			this.request.openWindows(this.consumed);
			this.consumed = 0;
		}
	}

	private static void removePadding(FrameReader frame, ByteBuffer payload) {
		if (frame.has(Type.PADDED)) {
			int padding = payload.hasRemaining() ? payload.get() & 0xff : 0;
			if (padding > payload.remaining()) {
				throw malformed("A frame is all padding and more");
			}
			payload.limit(payload.limit() - padding);
		}
	}

	private void headers(FrameReader frame, ByteBuffer payload) {
		removePadding(frame, payload);
		if (frame.has(Type.PRIORITIZED)) {
			if (payload.remaining() < 5) {
				throw wrongLength(frame);
			}
			payload.position(payload.position() + 5);
		}
		this.headers.beginBlock(frame.has(Type.END_STREAM));
		this.headers.continueBlock(payload, frame.has(Type.END_HEADERS));
	}

	private static void priority(FrameReader frame) {
		if (frame.stream() == 0) {
			throw malformed("A frame of type %d is about no stream", frame.type());
		}
		if (frame.payload().remaining() != 5) {
			throw wrongLength(frame);
		}
	}

	private static void reset(int code) throws IOException {
		if (!isHarmless(code)) {
			throw malformed("It resets the stream with the HTTP/2 error %s", Integer.toUnsignedString(code));
		}
		throw new IOException("it ended the call with the HTTP/2 error %d".formatted(code));
	}

	/** No error, an internal one, a stream that is refused or canceled, or too many. */
	private static boolean isHarmless(int code) {
		return switch (code) {
			case 0, 2, 7, 8, 11 -> true;
			default -> false;
		};
	}

	private void settings(FrameReader frame, ByteBuffer payload) {
		if (payload.remaining() % 6 != 0 || frame.has(Type.ACK) && payload.hasRemaining()) {
			throw wrongLength(frame);
		}
		while (payload.hasRemaining()) {
			setting(payload.getShort(), payload.getInt());
		}
		if (!frame.has(Type.ACK)) {
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
		if (!frame.has(Type.ACK)) {
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

	private static WorkloadCall.MalformedAnswerException wrongLength(FrameReader frame) {
		return malformed("A frame of type %d has the wrong length", frame.type());
	}

	private static WorkloadCall.MalformedAnswerException malformed(String message, Object... arguments) {
		return new WorkloadCall.MalformedAnswerException(message.formatted(arguments));
	}

	boolean isBegun() {
		return this.headers.isReceived();
	}

	byte @Nullable [] poll() {
		return this.messages.poll();
	}

	boolean isEnded() throws GrpcStatus.NotOkException {
		if (!this.headers.isEnded()) {
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

	/**
	 * Bounds frames that bring no message further. A stream is open for weeks, and a PING
	 * now and then is nothing unusual, so what was used up is given back in time.
	 */
	private static final class FloodLimit {

		private static final int MOST = 1000;

		private static final long NANOS_PER_FRAME = 20_000_000;

		private final Time time;

		private long last;

		private long left = MOST * NANOS_PER_FRAME;

		FloodLimit(Time time) {
			this.time = time;
			this.last = time.nanos();
		}

		void count() {
			long now = this.time.nanos();
			this.left = Math.min(MOST * NANOS_PER_FRAME, this.left + now - this.last) - NANOS_PER_FRAME;
			this.last = now;
			if (this.left < 0) {
				throw new WorkloadCall.MalformedAnswerException(
						"It floods the connection with frames that mean nothing");
			}
		}

	}

}
