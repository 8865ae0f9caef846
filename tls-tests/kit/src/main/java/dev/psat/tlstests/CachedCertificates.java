package dev.psat.tlstests;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.SSLContext;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.SimulatedSpireServer;

/**
 * The certificates that the JDK keeps.
 */
public final class CachedCertificates {

	/** As many as the JDK keeps. */
	private static final int COUNT = 750;

	private CachedCertificates() {
	}

	/**
	 * Fill the JDK's cache. Every SVID that this process reads stays there until it is
	 * full, which looks like a leak for hours; and so does one that has been verified,
	 * since it keeps what was asked of it. What the JDK trusts by default is loaded
	 * first: it leaves the cache at some time, and is kept nevertheless.
	 * @param server mints the certificates
	 */
	public static void fill(SimulatedSpireServer server) {
		try {
			SSLContext.getDefault();
			CertificateFactory factory = CertificateFactory.getInstance("X.509");
			TrustBundle bundle = TrustBundle.parse(TrustDomain.of(server.trustDomain()),
					server.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8));
			for (int i = 0; i < COUNT; i++) {
				byte[] leaf = server.mintX509Svid("spiffe://%s/nobody/%d".formatted(server.trustDomain(), i))
					.chain()
					.get(0)
					.getEncoded();
				X509Certificate cached = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(leaf));
				bundle.verify(X509Svid.of(List.of(cached), null), Instant.now());
			}
		}
		catch (CertificateException | NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
