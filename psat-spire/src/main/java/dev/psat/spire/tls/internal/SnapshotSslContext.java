package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;

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
 * {@link SSLContext} that creates each engine and each socket from a fresh context.
 * Therefore, none presents a replaced SVID or resumes a session without a new
 * authorization decision: neither a ticket nor a session of one context can be redeemed
 * in another.
 */
final class SnapshotSslContext extends SSLContext {

	private final BundleTls tls;

	/**
	 * Create a context.
	 * @param tls what it belongs to
	 * @param live provides everything that all contexts have in common, and server
	 * sockets, which cannot use a new context for each connection
	 * @param contexts creates fresh contexts
	 * @param options limit each engine and socket
	 */
	SnapshotSslContext(BundleTls tls, SSLContext live, Contexts contexts, TlsOptions options) {
		super(new Spi(live, contexts, options), live.getProvider(), live.getProtocol());
		this.tls = tls;
	}

	BundleTls tls() {
		return this.tls;
	}

	/**
	 * Creates fresh contexts.
	 */
	interface Contexts {

		/**
		 * Create a context.
		 * @param sockets the group of a socket, {@code null} for an engine
		 * @param beneath the socket over which that socket is layered, {@code null} for
		 * an engine, or if it is over none
		 * @return a new context
		 */
		FreshTls fresh(@Nullable ConnectionGroup sockets, @Nullable Socket beneath);

	}

	private static final class Spi extends SSLContextSpi {

		private final SSLContext live;

		private final Contexts contexts;

		private final TlsOptions options;

		private final SocketFactories socketFactories;

		Spi(SSLContext live, Contexts contexts, TlsOptions options) {
			this.options = options;
			this.live = live;
			this.contexts = contexts;
			this.socketFactories = new SocketFactories((group) -> new SnapshotSocketFactory(live.getSocketFactory(),
					(beneath) -> contexts.fresh(group, beneath).context(), options));
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return this.options.applyTo(this.contexts.fresh(null, null).engine());
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return this.options.applyTo(this.contexts.fresh(null, null).engine(host, port));
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.socketFactories.current();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.live.getServerSocketFactory();
		}

		@Override
		protected SSLParameters engineGetDefaultSSLParameters() {
			return this.options.applyTo(this.live.getDefaultSSLParameters());
		}

		@Override
		protected SSLParameters engineGetSupportedSSLParameters() {
			return this.live.getSupportedSSLParameters();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.live.getClientSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.live.getServerSessionContext();
		}

		@Override
		protected void engineInit(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
				@Nullable SecureRandom random) throws KeyManagementException {
			throw new KeyManagementException("Already initialized");
		}

	}

}
