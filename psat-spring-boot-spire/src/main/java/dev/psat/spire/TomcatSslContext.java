package dev.psat.spire;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

import org.apache.tomcat.util.net.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Adapts the context of a bundle to Tomcat.
 */
final class TomcatSslContext implements SSLContext {

	private static final X509Certificate[] NO_HINTS = {};

	private final javax.net.ssl.SSLContext context;

	TomcatSslContext(SpiffeSslBundle bundle) {
		this.context = bundle.createSslContext();
	}

	@Override
	public void init(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
			@Nullable SecureRandom random) {
		// already initialized
	}

	@Override
	public void destroy() {
		// belongs to the bundle
	}

	@Override
	public SSLSessionContext getServerSessionContext() {
		return this.context.getServerSessionContext();
	}

	@Override
	public SSLEngine createSSLEngine() {
		return this.context.createSSLEngine();
	}

	@Override
	public SSLServerSocketFactory getServerSocketFactory() {
		return this.context.getServerSocketFactory();
	}

	@Override
	public SSLParameters getSupportedSSLParameters() {
		return this.context.getSupportedSSLParameters();
	}

	/**
	 * Return no chain. Tomcat would only log it, where it would soon be out of date.
	 */
	@Override
	public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
		return null;
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return NO_HINTS;
	}

}
