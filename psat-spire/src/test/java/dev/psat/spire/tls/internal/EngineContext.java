package dev.psat.spire.tls.internal;

import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context whose engines are made of those of another one.
 */
final class EngineContext extends SSLContext {

	EngineContext(SSLContext context, Engines engines) {
		super(new Spi(context, engines), context.getProvider(), context.getProtocol());
	}

	/**
	 * Makes engines of others.
	 */
	interface Engines {

		SSLEngine of(SSLEngine engine) throws SSLException;

	}

	private static final class Spi extends SSLContextSpi {

		private final SSLContext context;

		private final Engines engines;

		Spi(SSLContext context, Engines engines) {
			this.context = context;
			this.engines = engines;
		}

		@Override
		protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.context.getSocketFactory();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.context.getServerSocketFactory();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return of(this.context.createSSLEngine());
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return of(this.context.createSSLEngine(host, port));
		}

		private SSLEngine of(SSLEngine engine) {
			try {
				return this.engines.of(engine);
			}
			catch (SSLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.context.getServerSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.context.getClientSessionContext();
		}

	}

}
