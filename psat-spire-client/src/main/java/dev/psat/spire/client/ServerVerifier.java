package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Decides whether a server is the SPIRE Server of the trust domain. It is called during
 * the handshake of every connection, before anything else is sent.
 */
@FunctionalInterface
interface ServerVerifier {

	/**
	 * Verify a server.
	 * @param chain the certificates that the server presents, leaf first
	 * @throws ServerRejectedException if it is not the SPIRE Server of the trust domain
	 */
	void verify(List<X509Certificate> chain) throws ServerRejectedException;

}
