package dev.psat.spire.tls.internal;

import java.net.Socket;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * A way to end a connection at once. None waits for the peer.
 */
interface ConnectionEnd {

	/**
	 * For an engine of a client that nobody could end without having its calls hang: the
	 * connection lasts.
	 */
	ConnectionEnd NONE = (connection, reason) -> false;

	/** For an engine of a server: whatever comes next finds the engine closed. */
	ConnectionEnd ENGINE = (connection, reason) -> {
		SSLEngine engine = (SSLEngine) connection;
		try {
			engine.closeOutbound();
		}
		finally {
			closeInbound(engine);
		}
		return true;
	};

	/** For a socket that is layered over none, or nobody knows over which. */
	ConnectionEnd SOCKET = new SocketEnd(null);

	private static void closeInbound(SSLEngine engine) {
		try {
			engine.closeInbound();
		}
		catch (SSLException ex) {
			// the peer has not taken its leave
		}
	}

	/**
	 * End a connection.
	 * @param connection its engine or socket
	 * @param reason why, as a sentence without a full stop
	 * @return whether it has ended, {@code false} if nothing can end it
	 */
	boolean end(Object connection, String reason);

	/**
	 * Begin to end a connection, without waiting for anything.
	 * @param connection its engine or socket
	 * @param reason why, as a sentence without a full stop
	 * @return what remains to be done, {@code null} if the connection has to be ended at
	 * once, which takes no time
	 */
	default @Nullable Begun begin(Object connection, String reason) {
		return null;
	}

	/**
	 * Return whether nothing passes any more in either direction. Over TLS 1.3, a peer
	 * that has taken its leave may go on reading.
	 * @param connection its engine or socket
	 * @return whether it is closed
	 */
	default boolean isClosed(Object connection) {
		if (connection instanceof SSLEngine engine) {
			return engine.isOutboundDone() && engine.isInboundDone();
		}
		return !(connection instanceof Socket socket) || socket.isClosed();
	}

	/**
	 * An end that has begun, and takes its time.
	 */
	interface Begun {

		/**
		 * Do more if that is necessary, still without waiting for long.
		 */
		void proceed();

		/**
		 * Wait for the end, for a bounded time.
		 * @return whether the connection has ended
		 */
		boolean finish();

	}

}
