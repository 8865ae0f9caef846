package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import dev.psat.spire.tls.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Registers the connections of a context, each with the way in which it can be ended.
 *
 * @param connections the open connections
 * @param ends whether connections end with the cause of their authorization
 * @param clientEngine how an engine of a client is ended
 */
record Registrar(OpenConnections connections, boolean ends, ConnectionEnd clientEngine) {

	/**
	 * Return a registrar for other engines of clients.
	 * @param clientEngine how they are ended
	 */
	Registrar with(ConnectionEnd clientEngine) {
		return new Registrar(this.connections, this.ends, clientEngine);
	}

	/**
	 * Register the connection of a handshake that has accepted the peer, and look at the
	 * identity once more.
	 * @param handshake what the handshake has found
	 * @param connection the engine or socket, {@code null} if it is unknown
	 * @param session the session that is being negotiated, {@code null} if it is unknown
	 * @return why the connection must not be made, {@code null} if it may
	 * @throws CertificateException if nothing could end the connection, or nobody watch
	 * it
	 */
	@Nullable Ending register(OpenConnection.Handshake handshake, @Nullable Object connection, @Nullable SSLSession session)
			throws CertificateException {
		if (connection == null) {
			if (this.ends) {
				throw new CertificateException(
						"The connection could not be ended with its cause, since the library tells nothing of it");
			}
			return null;
		}
		OpenConnection registered = this.connections.register(handshake, connection, session,
				end(connection, handshake.direction()));
		try {
			return this.connections.lookAgain(registered);
		}
		// also if there is no memory for the thread that would watch it: after an error,
		// the JDK would wait for its task forever
		catch (Throwable ex) {
			this.connections.forget(registered);
			throw new CertificateException("The connection could not be watched: " + ex.getClass().getName(), ex);
		}
	}

	private ConnectionEnd end(Object connection, Direction direction) {
		if (!this.ends) {
			return ConnectionEnd.NONE;
		}
		if (connection instanceof Socket) {
			return ConnectionEnd.SOCKET;
		}
		return (direction == Direction.INBOUND && connection instanceof SSLEngine) ? ConnectionEnd.ENGINE
				: this.clientEngine;
	}

}
