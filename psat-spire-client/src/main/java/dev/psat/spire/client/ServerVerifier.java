package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Decides whether a server is the SPIRE Server of the trust domain. It is called during
 * the handshake of every connection, before anything else is sent.
 */
@FunctionalInterface
interface ServerVerifier {

	void verify(List<X509Certificate> chain) throws ServerRejectedException;

}
