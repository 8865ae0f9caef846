package dev.psat.spire.workload.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import dev.psat.spire.wire.internal.GrpcFrame;
import org.jspecify.annotations.Nullable;

/** Takes no more memory than twice what has been received. */
final class MessageReader {

	private static final int FIRST_PART = 64 * 1024;

	private final ByteBuffer header = ByteBuffer.allocate(GrpcFrame.HEADER_LENGTH);

	private final Deque<byte[]> messages = new ArrayDeque<>();

	private int length;

	private byte[] message = {};

	private int received;

	void add(ByteBuffer data) {
		while (data.hasRemaining()) {
			if (this.header.hasRemaining()) {
				this.header.put(data.get());
				if (!this.header.hasRemaining()) {
					begin();
				}
			}
			else {
				int part = Math.min(data.remaining(), this.length - this.received);
				reserve(this.received + part);
				data.get(this.message, this.received, part);
				this.received += part;
			}
			if (!this.header.hasRemaining() && this.received == this.length) {
				this.messages.add(this.message);
				this.message = new byte[0];
				this.header.clear();
			}
		}
	}

	private void begin() {
		if (this.header.get(0) != 0) {
			throw new WorkloadCall.MalformedAnswerException(
					"A message is compressed, although compression was not requested");
		}
		this.length = this.header.getInt(1);
		if (this.length < 0 || this.length > GrpcFrame.MAX_MESSAGE_LENGTH) {
			throw new WorkloadCall.MalformedAnswerException(
					"A message of %d bytes is announced, and more than %d are not accepted"
						.formatted(Integer.toUnsignedLong(this.length), GrpcFrame.MAX_MESSAGE_LENGTH));
		}
		this.received = 0;
		this.message = new byte[Math.min(this.length, FIRST_PART)];
	}

	private void reserve(int needed) {
		if (needed > this.message.length) {
			this.message = Arrays.copyOf(this.message, Math.min(this.length, 2 * needed));
		}
	}

	byte @Nullable [] poll() {
		return this.messages.poll();
	}

	boolean isWithinMessage() {
		return this.header.position() > 0;
	}

}
