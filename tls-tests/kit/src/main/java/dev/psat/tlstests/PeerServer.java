package dev.psat.tlstests;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A server that an application calls, whose sessions can be resumed as long as it runs.
 */
public interface PeerServer extends AutoCloseable {

	/**
	 * Return the URI to call.
	 * @return the URI with the host {@code localhost}, whose connections are kept alive
	 */
	URI uri();

	/**
	 * Return the URI to call so that the connection ends with the answer.
	 * @return the URI
	 */
	default URI closingUri() {
		return uri().resolve("/closing");
	}

	/**
	 * Return the certificates that clients have presented, one for each connection that
	 * has completed its handshake, unless they are not asked for one.
	 * @return the certificates, oldest connection first
	 */
	List<X509Certificate> clients();

	/**
	 * Return how many connections have completed their handshake, with a certificate of
	 * the client or without.
	 * @return the number of connections
	 */
	int connections();

	/**
	 * Return how many requests the server has received.
	 * @return the number of requests
	 */
	int requests();

	@Override
	void close();

}
