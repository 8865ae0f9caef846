package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
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

	SnapshotSslContext(BundleTls tls, SSLContext live, boolean throwing, @Nullable ConnectionGroup group) {
		super(new Spi(tls, live, throwing, group), live.getProvider(), live.getProtocol());
		this.tls = tls;
	}

	BundleTls tls() {
		return this.tls;
	}

	private static final class Spi extends SSLContextSpi {

		private final BundleTls tls;

		/** Has server sockets, which cannot use a new context for each connection. */
		private final SSLContext live;

		private final boolean throwing;

		/**
		 * None if each engine stands for itself, and sockets for those of their factory.
		 */
		private final @Nullable ConnectionGroup group;

		private final AtomicReference<Sockets> sockets;

		Spi(BundleTls tls, SSLContext live, boolean throwing, @Nullable ConnectionGroup group) {
			this.tls = tls;
			this.live = live;
			this.throwing = throwing;
			this.group = group;
			this.sockets = new AtomicReference<>(nextSockets());
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return engine(SSLContext::createSSLEngine);
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return engine((context) -> context.createSSLEngine(host, port));
		}

		private SSLEngine engine(Function<SSLContext, SSLEngine> engines) {
			EndingSslEngine.Signal signal = this.throwing ? new EndingSslEngine.Signal() : null;
			SSLEngine engine = engines.apply(this.tls.fresh(signal, null, this.group));
			return this.tls.options().applyTo((signal != null) ? new EndingSslEngine(engine, signal) : engine);
		}

		// since the JDK keeps the connections of its HttpURLConnection per factory
		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			Sockets sockets = this.sockets.get();
			if (sockets.group().isDue()) {
				this.sockets.compareAndSet(sockets, nextSockets());
			}
			return this.sockets.get().factory();
		}

		private Sockets nextSockets() {
			ConnectionGroup sockets = this.tls.newGroup();
			ConnectionGroup group = (this.group != null) ? this.group : sockets;
			return new Sockets(sockets, new SocketFactory(this.live.getSocketFactory(),
					(beneath) -> this.tls.fresh(null, beneath, group), this.tls.options()));
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.live.getServerSocketFactory();
		}

		@Override
		protected SSLParameters engineGetDefaultSSLParameters() {
			return this.tls.options().applyTo(this.live.getDefaultSSLParameters());
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

	private record Sockets(ConnectionGroup group, SSLSocketFactory factory) {

	}

	private static final class SocketFactory extends SSLSocketFactory {

		private final SSLSocketFactory live;

		private final Function<@Nullable Socket, SSLContext> contexts;

		private final TlsOptions options;

		SocketFactory(SSLSocketFactory live, Function<@Nullable Socket, SSLContext> contexts, TlsOptions options) {
			this.live = live;
			this.contexts = contexts;
			this.options = options;
		}

		@Override
		public String[] getDefaultCipherSuites() {
			return this.live.getDefaultCipherSuites();
		}

		@Override
		public String[] getSupportedCipherSuites() {
			return this.live.getSupportedCipherSuites();
		}

		@Override
		public Socket createSocket() throws IOException {
			return limited(fresh(null).createSocket());
		}

		@Override
		public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
			return limited(fresh(socket).createSocket(socket, host, port, autoClose));
		}

		@Override
		public Socket createSocket(Socket socket, InputStream consumed, boolean autoClose) throws IOException {
			return limited(fresh(socket).createSocket(socket, consumed, autoClose));
		}

		@Override
		public Socket createSocket(String host, int port) throws IOException {
			return limited(fresh(null).createSocket(host, port));
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
			return limited(fresh(null).createSocket(host, port, localHost, localPort));
		}

		@Override
		public Socket createSocket(InetAddress host, int port) throws IOException {
			return limited(fresh(null).createSocket(host, port));
		}

		@Override
		public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
				throws IOException {
			return limited(fresh(null).createSocket(host, port, localHost, localPort));
		}

		private Socket limited(Socket socket) {
			if (!this.options.isEmpty() && socket instanceof SSLSocket sslSocket) {
				sslSocket.setSSLParameters(this.options.applyTo(sslSocket.getSSLParameters()));
			}
			return socket;
		}

		private SSLSocketFactory fresh(@Nullable Socket beneath) {
			return this.contexts.apply(beneath).getSocketFactory();
		}

	}

}
