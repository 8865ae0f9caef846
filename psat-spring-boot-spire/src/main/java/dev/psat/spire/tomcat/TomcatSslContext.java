package dev.psat.spire.tomcat;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.SSLContext;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * The context of a bundle as a host of Tomcat takes it. It accepts nobody while the host
 * does not ask clients for a certificate as it was customized to.
 */
final class TomcatSslContext implements SSLContext {

	private static final X509Certificate[] NO_HINTS = {};

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final SpiffeTomcatConnectorCustomizer customizer;

	private final Connector connector;

	private final Set<String> protocols;

	private final javax.net.ssl.SSLContext context;

	private final AtomicBoolean refusing = new AtomicBoolean();

	TomcatSslContext(SpiffeTomcatConnectorCustomizer customizer, Connector connector, Set<String> protocols) {
		this.customizer = customizer;
		this.connector = connector;
		this.protocols = protocols;
		this.context = customizer.bundle().createSslContext();
	}

	SpiffeTomcatConnectorCustomizer customizer() {
		return this.customizer;
	}

	Set<String> protocols() {
		return this.protocols;
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
		if (this.customizer.isInForce(this.connector)) {
			this.refusing.set(false);
			return this.context.createSSLEngine();
		}
		if (this.refusing.compareAndSet(false, true)) {
			logger.error(LogMessage.format("%s no longer serves the SSL bundle as it was customized to, so anybody "
					+ "could connect. It accepts no connection", this.connector));
		}
		return Keyless.CONTEXT.createSSLEngine();
	}

	@Override
	public SSLServerSocketFactory getServerSocketFactory() {
		return this.context.getServerSocketFactory();
	}

	@Override
	public SSLParameters getSupportedSSLParameters() {
		return this.context.getSupportedSSLParameters();
	}

	/** Tomcat would only log the chain, where it would soon be out of date. */
	@Override
	public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
		return null;
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return NO_HINTS;
	}

	/**
	 * Fails each handshake. For an exception, Tomcat would log a stack trace for each.
	 */
	private static final class Keyless {

		static final javax.net.ssl.SSLContext CONTEXT = create();

		private static javax.net.ssl.SSLContext create() {
			try {
				javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
				context.init(new KeyManager[0], new TrustManager[0], null);
				return context;
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("Every Java platform has TLS", ex);
			}
		}

	}

}
