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
	URI closingUri();

	/**
	 * Return the certificates that clients have presented, one for each connection that
	 * has completed its handshake.
	 * @return the certificates, oldest connection first
	 */
	List<X509Certificate> clients();

	@Override
	void close();

}
