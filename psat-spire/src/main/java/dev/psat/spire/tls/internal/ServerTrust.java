package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;

import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Provides what verifies servers classically, which may change.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ServerTrust {

	/**
	 * Return what verifies servers now. Called for each connection, so it should not
	 * block.
	 * @return the trust manager
	 * @throws CertificateException if there is none
	 */
	X509ExtendedTrustManager trustManager() throws CertificateException;

}
