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
 * @param socket how a socket is ended
 * @param group what each connection belongs to, {@code null} if it stands for itself
 */
record Registrar(OpenConnections connections, boolean ends, ConnectionEnd clientEngine, ConnectionEnd socket,
		@Nullable ConnectionGroup group) {

	Registrar(OpenConnections connections, boolean ends, ConnectionEnd clientEngine) {
		this(connections, ends, clientEngine, ConnectionEnd.SOCKET, null);
	}

	/**
	 * Return a registrar for other engines of clients.
	 * @param clientEngine how they are ended
	 */
	Registrar with(ConnectionEnd clientEngine) {
		return new Registrar(this.connections, this.ends, clientEngine, this.socket, this.group);
	}

	/**
	 * Return a registrar for the connections of a group.
	 * @param group the group, {@code null} for none
	 */
	Registrar in(@Nullable ConnectionGroup group) {
		return new Registrar(this.connections, this.ends, this.clientEngine, this.socket, group);
	}

	/**
	 * Return a registrar for a socket.
	 * @param beneath the socket over which it is layered, {@code null} if it is over none
	 */
	Registrar over(@Nullable Socket beneath) {
		ConnectionEnd socket = (beneath != null) ? new SocketEnd(beneath) : ConnectionEnd.SOCKET;
		return new Registrar(this.connections, this.ends, this.clientEngine, socket, this.group);
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
			Ending ending = this.connections.lookAgain(registered);
			if (ending == null && this.group != null) {
				this.group.add(registered);
			}
			return ending;
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
			return this.socket;
		}
		return (direction == Direction.INBOUND && connection instanceof SSLEngine) ? ConnectionEnd.ENGINE
				: this.clientEngine;
	}

}
