package dev.psat.support;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A CA like those that browsers trust: its certificates are for host names, carry no
 * SPIFFE ID, and outlive whatever tests them.
 */
public final class ClassicAuthority {

	private final KeyPair keys = CertificateWriter.newKeys();

	private final String name;

	private final X509Certificate root;

	public ClassicAuthority() {
		this("ca.example");
	}

	public ClassicAuthority(String name) {
		this.name = name;
		this.root = sign(new CertificateWriter().subject(name).key(this.keys.getPublic()).ca(null));
	}

	/**
	 * Return the certificate to trust.
	 */
	public X509Certificate root() {
		return this.root;
	}

	/**
	 * Return the certificate to trust as PEM.
	 */
	public String pem() {
		try {
			return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
				.formatted(Base64.getMimeEncoder().encodeToString(this.root.getEncoded()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a store with the certificate to trust.
	 */
	public KeyStore trustStore() {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setCertificateEntry("root", this.root);
			return store;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the trust manager of the JDK for this CA.
	 */
	public X509ExtendedTrustManager trustManager() {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trustStore());
			return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Issue a certificate for a host name.
	 */
	public X509Certificate issue(String hostName, PublicKey key) {
		return sign(new CertificateWriter().subject(hostName).dnsName(hostName).key(key));
	}

	private X509Certificate sign(CertificateWriter certificate) {
		Instant now = Instant.now();
		return certificate.valid(now.minusSeconds(10), now.plus(Duration.ofDays(365)))
			.signedBy(this.name, this.keys.getPrivate());
	}

}
