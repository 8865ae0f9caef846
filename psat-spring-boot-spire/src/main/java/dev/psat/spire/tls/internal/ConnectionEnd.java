package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.Socket;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * A way to end a connection at once. None waits for the peer.
 */
interface ConnectionEnd {

	/**
	 * For an engine of a client that nobody could end without having its calls hang: the
	 * connection lasts.
	 */
	ConnectionEnd NONE = (connection, reason) -> false;

	/**
	 * For an engine of a server, and of a client that bears it: whatever comes next finds
	 * the engine closed.
	 */
	ConnectionEnd ENGINE = (connection, reason) -> {
		SSLEngine engine = (SSLEngine) connection;
		engine.closeOutbound();
		try {
			engine.closeInbound();
		}
		catch (SSLException ex) {
			// the peer has not taken its leave
		}
		return true;
	};

	/**
	 * For a socket. Without the option, closing it would wait for whoever is writing.
	 */
	ConnectionEnd SOCKET = (connection, reason) -> {
		Socket socket = (Socket) connection;
		try {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// closed already
		}
		try {
			socket.close();
		}
		catch (IOException ex) {
			// no byte passes all the same
		}
		return true;
	};

	/**
	 * End a connection.
	 * @param connection its engine or socket
	 * @param reason why, as a sentence without a full stop
	 * @return whether it has ended
	 */
	boolean end(Object connection, String reason);

}
