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
 * @param clientEngine how an engine of a client is ended, {@code null} if nothing can
 * @param beneath the socket over which another one is layered
 * @param group what each connection belongs to, {@code null} if it stands for itself
 */
record Registrar(OpenConnections connections, boolean ends, @Nullable ConnectionEnd clientEngine,
		@Nullable Socket beneath, @Nullable ConnectionGroup group) {

	/**
	 * Register the connection of a handshake that has accepted the peer, and look at the
	 * identity once more. Return why the connection must not be made.
	 */
	ConnectionJudge.@Nullable Verdict register(OpenConnection.Handshake handshake, @Nullable Object connection,
			@Nullable SSLSession session) throws CertificateException {
		if (connection == null) {
			if (this.ends) {
				throw new CertificateException(
						"The connection could not be ended with its cause, since the library tells nothing of it");
			}
			return null;
		}
		OpenConnection registered = this.connections.register(handshake, connection, session,
				end(connection, handshake.direction()));
		boolean made = false;
		try {
			ConnectionJudge.Verdict verdict = this.connections.lookAgain(registered);
			made = verdict == null;
			if (made && this.group != null) {
				this.group.add(registered);
			}
			return verdict;
		}
		finally {
			if (!made) {
				this.connections.forget(registered);
			}
		}
	}

	private ConnectionEnd end(Object connection, Direction direction) {
		if (!this.ends) {
			return ConnectionEnd.NONE;
		}
		if (connection instanceof Socket) {
			return new SocketEnd(this.beneath);
		}
		if (direction == Direction.INBOUND && connection instanceof SSLEngine) {
			return ConnectionEnd.ENGINE;
		}
		return (this.clientEngine != null) ? this.clientEngine : ConnectionEnd.NONE;
	}

}
