package dev.psat.tlstests;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import dev.psat.support.CertificateWriter;

import org.springframework.boot.ssl.SslStoreBundle;

/**
 * An authority like those that browsers trust: its certificates are for host names and
 * carry no SPIFFE ID.
 */
public final class WebAuthority {

	private static final String NAME = "ca.example";

	private final KeyPair keys = CertificateWriter.newKeys();

	private final X509Certificate root = new CertificateWriter().ca(null)
		.subject(NAME)
		.key(this.keys.getPublic())
		.signedBy(NAME, this.keys.getPrivate());

	/**
	 * Return the certificate to trust.
	 * @return the certificate
	 */
	public X509Certificate root() {
		return this.root;
	}

	/**
	 * Return a trust store with the certificate to trust.
	 * @return the store
	 */
	public SslStoreBundle trustStore() {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setCertificateEntry("web", this.root);
			return SslStoreBundle.of(null, null, store);
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Write the certificate to trust, and its key, to a file that only its owner can
	 * read, unless it exists.
	 * @param directory the directory of the file
	 * @return the file
	 */
	public Path writeTo(Path directory) {
		return new Credential(List.of(this.root), this.keys.getPrivate()).writeTo(directory);
	}

	/**
	 * Issue a certificate for a host name.
	 * @param hostName the name
	 * @return the certificate and its key
	 */
	public Credential issue(String hostName) {
		KeyPair keys = CertificateWriter.newKeys();
		X509Certificate certificate = new CertificateWriter().subject(hostName)
			.dnsName(hostName)
			.key(keys.getPublic())
			.signedBy(NAME, this.keys.getPrivate());
		return new Credential(List.of(certificate), keys.getPrivate());
	}

}
