package dev.psat.tlstests;

import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;

/**
 * What a server says to its clients about their certificates.
 *
 * @param need whether they need one
 * @param issuers the authorities that it names, none if empty
 */
public record CertificateRequest(Need need, List<X509Certificate> issuers) {

	/** A certificate from any authority. */
	public static final CertificateRequest REQUIRED = new CertificateRequest(Need.REQUIRED, List.of());

	/** A certificate from any authority, or none. */
	public static final CertificateRequest OPTIONAL = new CertificateRequest(Need.OPTIONAL, List.of());

	/** No request at all. */
	public static final CertificateRequest ABSENT = new CertificateRequest(Need.ABSENT, List.of());

	public CertificateRequest naming(X509Certificate issuer) {
		return new CertificateRequest(this.need, List.of(issuer));
	}

	/**
	 * Return a context for a server that makes this request and trusts any certificate.
	 * @param credential what the server presents
	 * @return the context
	 */
	public SSLContext sslContext(Credential credential) {
		return credential.sslContext(new AnyCertificate(this.issuers.toArray(X509Certificate[]::new)));
	}

	void applyTo(SSLSocket socket) {
		socket.setNeedClientAuth(this.need == Need.REQUIRED);
		if (this.need == Need.OPTIONAL) {
			socket.setWantClientAuth(true);
		}
	}

	/**
	 * Whether clients need a certificate.
	 */
	public enum Need {

		/** They do. */
		REQUIRED,

		/** They may present one. */
		OPTIONAL,

		/** They are not asked for one. */
		ABSENT

	}

}
