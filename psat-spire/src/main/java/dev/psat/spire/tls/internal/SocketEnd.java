package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Threads;
import dev.psat.concurrent.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Ends a socket at once. Before it closes the connection, an {@code SSLSocket} of the JDK
 * writes that it does, and so waits for a peer that does not read: for ever where nobody
 * else is writing, since a writer holds the lock that it tries. Another call then finds
 * the lock taken, and closes the connection under the first.
 * <p>
 * One that is layered over a socket that it should not close does less than it says: it
 * leaves that one open, and while somebody writes, it is closed without having done
 * anything.
 */
final class SocketEnd implements ConnectionEnd {

	private static final Duration GRACE = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	/** What sockets are layered over, {@code null} if that is unknown. */
	private final @Nullable Socket beneath;

	private final Time time;

	SocketEnd(@Nullable Socket beneath, Time time) {
		this.beneath = beneath;
		this.time = time;
	}

	@Override
	public Begun end(Object connection, String reason) {
		return new Attempts((Socket) connection);
	}

	private Attempt begin(Duration patience, Closing closing) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.time.start(Threads.create("spire-connections-end", () -> {
			attempt(closing);
			done.complete(null);
		}));
		return new Attempt(Deadline.in(patience, this.time), done);
	}

	private void close(Socket socket) {
		attempt(() -> {
			socket.setSoLinger(true, 0);
			// or over TLS 1.3, the JDK would wait for the peer for as long as for a byte
			socket.setSoTimeout(0);
		});
		attempt(socket::close);
		if (this.beneath == null && socket.isClosed() && !isClosed(socket)) {
			attempt(socket::shutdownInput);
			// waits for whoever writes
			attempt(() -> socket.setSoLinger(false, 0));
			attempt(socket::shutdownOutput);
		}
	}

	private static void attempt(Closing closing) {
		try {
			closing.run();
		}
		catch (Throwable ex) {
			// as long as it is closed, it does not matter
		}
	}

	// its user may go on with the socket beneath, but not with TLS
	@Override
	public boolean isClosed(Object connection) {
		Socket socket = (Socket) connection;
		if (this.beneath != null && this.beneath.isClosed()) {
			return true;
		}
		return socket.isClosed() && (!(socket instanceof SSLSocket) || !isOpenBeneath(socket)
				|| (socket.isInputShutdown() && socket.isOutputShutdown()));
	}

	// options are those of the socket beneath
	private static boolean isOpenBeneath(Socket socket) {
		try {
			socket.getSoLinger();
			return true;
		}
		catch (SocketException ex) {
			return false;
		}
	}

	/** The attempts to close a socket, each on a thread of its own. */
	private final class Attempts implements Begun {

		private final Socket socket;

		private Attempt last;

		private boolean proceeded;

		Attempts(Socket socket) {
			this.socket = socket;
			this.last = begin(GRACE, () -> close(socket));
		}

		@Override
		public void proceed() {
			boolean returned = this.last.returns();
			Socket beneath = SocketEnd.this.beneath;
			if (beneath != null) {
				this.last = begin(PATIENCE, beneath::close);
			}
			else if (!returned) {
				this.last = begin(PATIENCE, () -> {
					attempt(this.socket::shutdownInput);
					close(this.socket);
				});
			}
			this.proceeded = true;
		}

		@Override
		public void finish() {
			if (!this.proceeded || (this.last.returns() && !isClosed(this.socket))) {
				// or nobody would try again, and bytes go on passing
				throw new IllegalStateException("The socket could not be closed");
			}
		}

	}

	private record Attempt(Deadline deadline, CompletableFuture<Void> done) {

		boolean returns() {
			this.deadline.awaitThroughInterrupts(this.done);
			return this.done.isDone();
		}

	}

	private interface Closing {

		void run() throws IOException;

	}

}
