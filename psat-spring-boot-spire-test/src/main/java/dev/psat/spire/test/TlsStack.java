package dev.psat.spire.test;

import java.security.cert.CertificateException;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.CertificateVerifier;

/**
 * What TLS is made of. A SPIRE Server refuses a client certificate with the alert
 * {@code bad_certificate}, whatever is wrong with it.
 */
enum TlsStack {

	/**
	 * BoringSSL, which sends that alert.
	 */
	BORING_SSL(SslProvider.OPENSSL, SslProvider.OPENSSL_REFCNT) {

		@Override
		CertificateException refusal(String cause) {
			return new OpenSslCertificateException(cause, CertificateVerifier.X509_V_ERR_CERT_REJECTED);
		}

	},

	/**
	 * The JDK, which can send no other alert than {@code certificate_unknown}.
	 */
	JDK(SslProvider.JDK, SslProvider.JDK) {

		@Override
		CertificateException refusal(String cause) {
			return new CertificateException(cause);
		}

	};

	private final SslProvider provider;

	private final SslProvider providerOfConnections;

	TlsStack(SslProvider provider, SslProvider providerOfConnections) {
		this.provider = provider;
		this.providerOfConnections = providerOfConnections;
	}

	/**
	 * Return the one that is most like a SPIRE Server.
	 * @return BoringSSL, if it is on the class path and runs on this machine
	 */
	static TlsStack best() {
		return OpenSsl.isAvailable() ? BORING_SSL : JDK;
	}

	SslProvider provider() {
		return this.provider;
	}

	/**
	 * Return the same for contexts of which there is one for each connection: what they
	 * have of native memory is freed when they are released, not at some collection.
	 */
	SslProvider providerOfConnections() {
		return this.providerOfConnections;
	}

	abstract CertificateException refusal(String cause);

}
