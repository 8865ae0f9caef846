package dev.psat.spire.client;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * An {@link SSLContext} that creates each engine from a new context, so that no
 * connection resumes another's session.
 */
final class FreshSslContext extends SSLContext {

	private FreshSslContext(SSLContext template, Supplier<SSLContext> contexts) {
		super(new Spi(template, contexts), template.getProvider(), template.getProtocol());
	}

	static SSLContext of(Supplier<SSLContext> contexts) {
		return new FreshSslContext(contexts.get(), contexts);
	}

	private static final class Spi extends SSLContextSpi {

		private final SSLContext template;

		private final Supplier<SSLContext> contexts;

		Spi(SSLContext template, Supplier<SSLContext> contexts) {
			this.template = template;
			this.contexts = contexts;
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return this.contexts.get().createSSLEngine();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return this.contexts.get().createSSLEngine(host, port);
		}

		@Override
		protected SSLParameters engineGetDefaultSSLParameters() {
			return this.template.getDefaultSSLParameters();
		}

		@Override
		protected SSLParameters engineGetSupportedSSLParameters() {
			return this.template.getSupportedSSLParameters();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.template.getClientSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.template.getServerSessionContext();
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			throw new UnsupportedOperationException("Only creates engines");
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			throw new UnsupportedOperationException("Only creates engines");
		}

		@Override
		protected void engineInit(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
				@Nullable SecureRandom random) throws KeyManagementException {
			throw new KeyManagementException("Already initialized");
		}

	}

}
