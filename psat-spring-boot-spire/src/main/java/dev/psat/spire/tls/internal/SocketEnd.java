package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.time.Duration;

import dev.psat.concurrent.Threads;

/**
 * Ends a socket at once. Before it closes the connection, an {@code SSLSocket} of the JDK
 * writes that it does, and so waits for a peer that does not read: for ever where nobody
 * else is writing, since whoever is holds the lock that it tries. Another call then finds
 * the lock taken, and closes the connection under the first.
 */
final class SocketEnd implements ConnectionEnd {

	private static final Duration GRACE = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	@Override
	public boolean end(Object connection, String reason) {
		Socket socket = (Socket) connection;
		boolean returned = returnsWithin(GRACE, socket) || returnsWithin(PATIENCE, socket);
		if (returned && !socket.isClosed()) {
			// or nobody would try again, and bytes go on passing
			throw new IllegalStateException("The socket could not be closed");
		}
		return true;
	}

	private static boolean returnsWithin(Duration patience, Socket socket) {
		Thread thread = Threads.create("spire-connections-end", () -> close(socket));
		thread.start();
		try {
			thread.join(patience.toMillis());
		}
		catch (InterruptedException ex) {
			// by a stranger
		}
		return !thread.isAlive();
	}

	private static void close(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
			// or over TLS 1.3, the JDK would wait for the peer for as long as for a byte
			socket.setSoTimeout(0);
		}
		catch (Exception ex) {
			// closed already
		}
		try {
			socket.close();
		}
		catch (Throwable ex) {
			// as long as it is closed, it does not matter
		}
	}

}
