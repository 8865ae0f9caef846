package dev.psat.spire.workload.client;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * One call on one connection, for one thread; only {@link #close()} may be called by any.
 * A call that has ended, in whatever way, has closed its connection.
 */
final class WorkloadCall implements AutoCloseable {

	private final WorkloadEndpoint endpoint;

	private final WorkloadSocket socket = new WorkloadSocket();

	private final FrameReader frames = new FrameReader();

	private final RequestWriter request;

	private final AnswerReader answer;

	private boolean connected;

	private boolean ended;

	WorkloadCall(WorkloadEndpoint endpoint, String method, byte[] message, String userAgent, Time time) {
		this.endpoint = endpoint;
		this.request = new RequestWriter(method, message, userAgent);
		this.answer = new AnswerReader(this.request, time);
	}

	byte @Nullable [] next(Deadline deadline) throws GrpcStatus.NotOkException {
		return this.ended ? null : run(deadline);
	}

	private byte @Nullable [] run(Deadline deadline) throws GrpcStatus.NotOkException {
		boolean goesOn = false;
		try {
			this.socket.check();
			if (!this.connected) {
				connect(deadline);
			}
			byte[] message = this.answer.poll();
			while (message == null && !this.answer.isEnded()) {
				exchange(deadline);
				message = this.answer.poll();
			}
			goesOn = message != null;
			this.ended = !goesOn;
			return message;
		}
		catch (ClosedChannelException ex) {
			throw new WorkloadException(WorkloadFailureReason.CANCELLED, "The call was closed");
		}
		catch (MalformedAnswerException ex) {
			this.request.goAway(this.socket);
			throw new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR,
					"%s does not answer as a Workload API does. %s".formatted(this.endpoint, ex.getMessage()));
		}
		catch (IOException ex) {
			throw new WorkloadException(WorkloadFailureReason.UNREACHABLE,
					"%s went away: %s".formatted(this.endpoint, ex.getMessage()), ex);
		}
		finally {
			// also when there is no memory
			if (!goesOn) {
				close();
			}
		}
	}

	private void connect(Deadline deadline) throws ClosedChannelException {
		try {
			this.connected = this.socket.connect(this.endpoint, deadline);
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw SocketFinding.of(this.endpoint, ex);
		}
		if (!this.connected) {
			throw timedOut("accept the connection", deadline);
		}
	}

	private void exchange(Deadline deadline) throws IOException {
		this.socket.check();
		if (deadline.isPassed()) {
			throw timedOut(this.answer.isBegun() ? "send a whole message" : "answer", deadline);
		}
		if (this.frames.next()) {
			this.answer.read(this.frames);
			return;
		}
		boolean written = this.request.flush(this.socket);
		int received = receive();
		if (received < 0) {
			this.frames.checkEnd();
			throw this.answer.lost();
		}
		if (received == 0) {
			this.socket.await(written ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE, deadline);
		}
	}

	private int receive() throws ClosedChannelException {
		try {
			return this.frames.fill(this.socket);
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			// where the other side leaves something unread, its end is called a reset
			return -1;
		}
	}

	private WorkloadException timedOut(String what, Deadline deadline) {
		return new WorkloadException(WorkloadFailureReason.TIMED_OUT, "%s did not %s within %d ms"
			.formatted(this.endpoint, what, TimeUnit.NANOSECONDS.toMillis(deadline.length())));
	}

	@Override
	public void close() {
		this.socket.close();
	}

	/**
	 * Thrown when what the other side sends is not HTTP/2, not gRPC, or meant to do harm.
	 * Its message quotes no message, since that may hold a private key.
	 */
	static final class MalformedAnswerException extends RuntimeException {

		MalformedAnswerException(String message) {
			super(message);
		}

	}

}
