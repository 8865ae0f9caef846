package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Finds out whether a server refuses the client's certificate. In TLS 1.3, it looks at
 * that after the client's handshake, and {@link java.net.http.HttpClient} usually loses
 * the alert. The probe sends nothing after its handshake and waits for a single byte.
 */
final class HandshakeProbe implements AutoCloseable {

	private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

	private final OneFlightSocket socket = new OneFlightSocket();

	private final ChannelTls tls;

	private final InetSocketAddress address;

	private final Network.Sockets timeouts;

	HandshakeProbe(ChannelTls tls, InetSocketAddress address, Network.Sockets timeouts) {
		this.tls = tls;
		this.address = address;
		this.timeouts = timeouts;
	}

	Optional<String> refusal() {
		try (this.socket) {
			return refusal(handshake(this.timeouts.greeting()));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	/** Returns if the server keeps the connection, even to refuse the certificate. */
	void complete() throws IOException {
		try (this.socket) {
			InputStream input = handshake(this.timeouts.handshake());
			this.socket.setSoTimeout(millis(this.timeouts.greeting()));
			if (isEnded(input)) {
				throw new EOFException("The server ended the connection after the handshake");
			}
		}
	}

	private static boolean isEnded(InputStream input) throws IOException {
		try {
			return input.read() == -1;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (SSLException ex) {
			if (alert(ex).isEmpty()) {
				throw ex;
			}
			return false;
		}
	}

	private InputStream handshake(Duration timeout) throws IOException {
		this.socket.connect(this.address, millis(this.timeouts.connect()));
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(millis(timeout));
		SSLSocket secured = (SSLSocket) this.tls.context(new CompletableFuture<>())
			.getSocketFactory()
			.createSocket(this.socket, this.address.getHostString(), this.address.getPort(), true);
		secured.setSSLParameters(this.tls.parameters(() -> {
		}));
		try {
			secured.startHandshake();
		}
		catch (SocketTimeoutException ex) {
			throw new Handshake.TooSlowException(timeout);
		}
		return secured.getInputStream();
	}

	private static int millis(Duration timeout) {
		return Math.toIntExact(timeout.toMillis());
	}

	private static Optional<String> refusal(InputStream input) throws IOException {
		try {
			input.read();
			return Optional.empty();
		}
		catch (SSLException ex) {
			return alert(ex);
		}
	}

	private static Optional<String> alert(SSLException ex) {
		Matcher alert = ALERT.matcher(String.valueOf(ex.getMessage()));
		return alert.find() ? Optional.of(alert.group(1)) : Optional.empty();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// the socket is no longer needed
		}
	}

	/**
	 * Sends each flight of a handshake in one write. The JDK writes record by record, so
	 * a server that refuses the certificate may reset the connection before the last
	 * record is sent, and its alert is lost.
	 */
	private static final class OneFlightSocket extends Socket {

		private final ByteArrayOutputStream flight = new ByteArrayOutputStream();

		OneFlightSocket() {
			// otherwise, it would follow socksProxyHost
			super(Proxy.NO_PROXY);
		}

		@Override
		public OutputStream getOutputStream() {
			return this.flight;
		}

		@Override
		public InputStream getInputStream() throws IOException {
			OutputStream output = super.getOutputStream();
			return new FilterInputStream(super.getInputStream()) {

				@Override
				public int read() throws IOException {
					send(output);
					return super.read();
				}

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					send(output);
					return super.read(bytes, offset, length);
				}

			};
		}

		private void send(OutputStream output) throws IOException {
			if (this.flight.size() > 0) {
				this.flight.writeTo(output);
				this.flight.reset();
			}
		}

	}

}
