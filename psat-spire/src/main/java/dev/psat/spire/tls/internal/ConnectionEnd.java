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
	ConnectionEnd NONE = (connection, reason) -> null;

	/** For an engine of a server: whatever comes next finds the engine closed. */
	ConnectionEnd ENGINE = (connection, reason) -> {
		SSLEngine engine = (SSLEngine) connection;
		try {
			engine.closeOutbound();
		}
		finally {
			closeInbound(engine);
		}
		return null;
	};

	private static void closeInbound(SSLEngine engine) {
		try {
			engine.closeInbound();
		}
		catch (SSLException ex) {
			// the peer has not said goodbye
		}
	}

	/**
	 * End a connection, or begin to if that takes time.
	 * @return what remains to be done, {@code null} if the connection has ended
	 */
	@Nullable Begun end(Object connection, String reason);

	/**
	 * Return whether nothing passes any more in either direction. Over TLS 1.3, a peer
	 * that writes no more may go on reading.
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
		 * @throws IllegalStateException if the connection has not ended
		 */
		void finish();

	}

}
