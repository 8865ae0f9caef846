package dev.psat.tlstests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server that answers every GET with {@code hello}, and requires a
 * certificate from any authority unless it is told otherwise.
 */
public final class HttpPeer implements PeerServer {

	private static final int PATIENCE = Patience.MILLIS;

	private final List<X509Certificate> clients = new CopyOnWriteArrayList<>();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private volatile SSLSocketFactory tls;

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	private final CertificateRequest request;

	private final TlsVersion version;

	private final ServerSocket listener;

	public HttpPeer(Credential credential, TlsVersion version) {
		this(credential, version, CertificateRequest.REQUIRED);
	}

	public HttpPeer(Credential credential, TlsVersion version, CertificateRequest request) {
		this.request = request;
		this.tls = request.sslContext(credential).getSocketFactory();
		this.version = version;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::listen);
	}

	/**
	 * Have another credential from now on, end all connections, and forget all clients.
	 * @param credential the credential
	 */
	public void renew(Credential credential) {
		this.tls = this.request.sslContext(credential).getSocketFactory();
		try {
			closeAll();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.clients.clear();
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "http-peer");
		thread.setDaemon(true);
		thread.start();
	}

	private void listen() {
		try {
			while (!this.listener.isClosed()) {
				Socket socket = this.listener.accept();
				this.open.add(socket);
				start(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			// by close()
		}
	}

	private void serve(Socket plain) {
		try (plain; SSLSocket socket = (SSLSocket) this.tls.createSocket(plain, null, true)) {
			socket.setSoTimeout(PATIENCE);
			socket.setEnabledProtocols(new String[] { this.version.protocol() });
			this.request.applyTo(socket);
			socket.startHandshake();
			presented(socket).ifPresent(this.clients::add);
			this.connections.incrementAndGet();
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			String request = nextRequest(reader);
			while (request != null) {
				this.requests.incrementAndGet();
				boolean last = request.startsWith("GET /closing");
				socket.getOutputStream().write(answer(last).getBytes(StandardCharsets.US_ASCII));
				request = last ? null : nextRequest(reader);
			}
		}
		catch (IOException ex) {
			// refused by the client, which reports it, or ended by close()
		}
		finally {
			this.open.remove(plain);
		}
	}

	private static Optional<X509Certificate> presented(SSLSocket socket) {
		try {
			return Optional.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
		}
		catch (SSLPeerUnverifiedException ex) {
			return Optional.empty();
		}
	}

	private static @Nullable String nextRequest(BufferedReader reader) throws IOException {
		String request = reader.readLine();
		String line = request;
		while (line != null && !line.isEmpty()) {
			line = reader.readLine();
		}
		return request;
	}

	private static String answer(boolean last) {
		return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
				+ (last ? "Connection: close\r\n" : "") + "\r\nhello";
	}

	@Override
	public URI uri() {
		return URI.create("https://localhost:" + this.listener.getLocalPort() + "/");
	}

	@Override
	public List<X509Certificate> clients() {
		return List.copyOf(this.clients);
	}

	@Override
	public int connections() {
		return this.connections.get();
	}

	@Override
	public int requests() {
		return this.requests.get();
	}

	/**
	 * Close the server without ending TLS sessions, since that may have to wait for a
	 * reader.
	 */
	@Override
	public void close() {
		try {
			this.listener.close();
			closeAll();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void closeAll() throws IOException {
		for (Socket socket : this.open) {
			socket.close();
		}
	}

}
