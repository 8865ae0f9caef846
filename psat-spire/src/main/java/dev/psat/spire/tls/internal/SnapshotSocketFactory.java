package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * {@link SSLSocketFactory} that creates each socket from a fresh context.
 */
final class SnapshotSocketFactory extends SSLSocketFactory {

	private final SSLSocketFactory live;

	private final Function<@Nullable Socket, SSLContext> contexts;

	private final TlsOptions options;

	SnapshotSocketFactory(SSLSocketFactory live, Function<@Nullable Socket, SSLContext> contexts, TlsOptions options) {
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
	public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
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
