package dev.psat.benchmarks.spire.soak;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

import dev.psat.spire.test.SimulatedSpireServer;

/**
 * The JDK's cache of parsed certificates. Every SVID that this process reads stays in it
 * until it is full, which looks like a leak for hours.
 */
final class CertificateCache {

	/** As many as the JDK keeps. */
	private static final int SIZE = 750;

	private CertificateCache() {
	}

	/**
	 * Fill the cache.
	 * @param server issues the certificates
	 */
	static void fill(SimulatedSpireServer server) {
		try {
			CertificateFactory factory = CertificateFactory.getInstance("X.509");
			for (int i = 0; i < SIZE; i++) {
				byte[] leaf = server.mintX509Svid("spiffe://%s/nobody/%d".formatted(server.trustDomain(), i))
					.chain()
					.get(0)
					.getEncoded();
				factory.generateCertificate(new ByteArrayInputStream(leaf));
			}
		}
		catch (CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
