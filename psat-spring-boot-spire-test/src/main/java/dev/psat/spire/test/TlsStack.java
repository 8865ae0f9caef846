package dev.psat.spire.test;

import java.security.cert.CertificateException;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.CertificateVerifier;

/**
 * TLS implementations. A SPIRE Server refuses a client certificate with the alert
 * {@code bad_certificate}, no matter what is wrong with it.
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
	 * The JDK, which can only send the alert {@code certificate_unknown}.
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

	static TlsStack best() {
		return OpenSsl.isAvailable() ? BORING_SSL : JDK;
	}

	SslProvider provider() {
		return this.provider;
	}

	/**
	 * Return the provider for contexts that are created for each connection. It frees
	 * their native memory when they are released, rather than on garbage collection.
	 */
	SslProvider providerOfConnections() {
		return this.providerOfConnections;
	}

	abstract CertificateException refusal(String cause);

}
