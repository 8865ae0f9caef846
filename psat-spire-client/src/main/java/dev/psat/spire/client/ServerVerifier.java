package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Decides whether a server is the SPIRE Server of the trust domain. Called in the
 * handshake of every connection, before anything else is sent.
 */
@FunctionalInterface
interface ServerVerifier {

	/**
	 * Verify a server.
	 * @param chain the certificates that it has shown, its own first
	 * @throws ServerRejectedException if the server is not the one
	 */
	void verify(List<X509Certificate> chain) throws ServerRejectedException;

}
