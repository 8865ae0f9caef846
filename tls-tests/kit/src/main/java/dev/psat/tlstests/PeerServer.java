package dev.psat.tlstests;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A server that an application calls, whose sessions can be resumed as long as it runs.
 */
public interface PeerServer extends AutoCloseable {

	/**
	 * Return what to call.
	 * @return the URI, at the host {@code localhost}, over connections that are kept
	 */
	URI uri();

	/**
	 * Return what to call so that the connection ends with the answer.
	 * @return the URI
	 */
	URI closingUri();

	/**
	 * Return the certificates that clients have shown, one for each connection that got
	 * past its handshake.
	 * @return the certificates, the oldest connection first
	 */
	List<X509Certificate> clients();

	@Override
	void close();

}
