package dev.psat.spire.tls.internal;

import java.net.Socket;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/** A way to end a connection at once. None waits for the peer. */
interface ConnectionEnd {

	/** For an engine of a client whose calls would hang: the connection lasts. */
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

	/** Return what remains to be done if that takes time. */
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

	interface Begun {

		/** Do more if that is necessary, still without waiting for long. */
		void proceed();

		/**
		 * Wait for the end, for a bounded time.
		 * @throws IllegalStateException if the connection has not ended
		 */
		void finish();

	}

}
