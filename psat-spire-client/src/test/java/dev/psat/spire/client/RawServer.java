package dev.psat.spire.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Patience;

/**
 * A server by hand: what it does with a connection is up to the test.
 */
final class RawServer implements AutoCloseable {

	private static final byte[] SETTINGS = { 0, 0, 0, 4, 0, 0, 0, 0, 0 };

	/**
	 * What ended the handling of a connection.
	 */
	final List<Exception> failures = new CopyOnWriteArrayList<>();

	private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

	private final ServerSocket listener;

	private final Handler handler;

	private final Thread acceptor;

	private RawServer(ServerSocket listener, Handler handler) {
		this.listener = listener;
		this.handler = handler;
		this.acceptor = run(this::accept);
	}

	static RawServer plain(Handler handler) {
		return plain("127.0.0.1", 0, handler);
	}

	static RawServer plain(String address, int port, Handler handler) {
		try {
			return new RawServer(new ServerSocket(port, 50, InetAddress.getByName(address)), handler);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a server that accepts connections and says nothing.
	 */
	static RawServer silent(String address, int port) {
		return plain(address, port, (socket) -> {
		});
	}

	/**
	 * Start a server that has made the handshake before it handles a connection.
	 * @param handler handles it; a failure closes it
	 */
	static RawServer tls(String version, List<String> applicationProtocols, Handler handler) {
		return new RawServer(listener(version, applicationProtocols), (socket) -> {
			try {
				((SSLSocket) socket).startHandshake();
				handler.handle(socket);
			}
			catch (IOException ex) {
				socket.close();
				throw ex;
			}
		});
	}

	/**
	 * Start a server that makes one handshake, with the first connection, and says
	 * nothing to the others.
	 */
	static RawServer handshakeOnce() {
		AtomicBoolean made = new AtomicBoolean();
		return new RawServer(listener("TLSv1.3", List.of("h2")), (socket) -> {
			if (made.compareAndSet(false, true)) {
				((SSLSocket) socket).startHandshake();
				socket.getOutputStream().write(SETTINGS);
			}
		});
	}

	private static ServerSocket listener(String version, List<String> applicationProtocols) {
		try {
			SSLServerSocket listener = (SSLServerSocket) context().getServerSocketFactory()
				.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
			SSLParameters parameters = listener.getSSLParameters();
			parameters.setProtocols(new String[] { version });
			parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
			listener.setSSLParameters(parameters);
			return listener;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static RawServer http2(Http2Handler handler) {
		return tls("TLSv1.3", List.of("h2"),
				(socket) -> handler.handle(new Http2Peer(socket.getInputStream(), socket.getOutputStream())));
	}

	private static SSLContext context() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		TransportCertificates server = GrpcTestServer.CERTIFICATE;
		store.setKeyEntry("server", server.privateKey(), new char[0],
				new java.security.cert.Certificate[] { server.certificate() });
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, new char[0]);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), null, null);
		return context;
	}

	private void accept() throws IOException {
		while (true) {
			Socket socket = this.listener.accept();
			this.accepted.add(socket);
			run(() -> this.handler.handle(socket));
		}
	}

	private Thread run(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				this.failures.add(ex);
			}
		}, "raw-server");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	int connections() {
		return this.accepted.size();
	}

	int port() {
		return this.listener.getLocalPort();
	}

	ServerAddress address() {
		return new ServerAddress("127.0.0.1", port());
	}

	GrpcChannel channel() {
		return channel(GrpcTestServer.network(Network.Resolver.SYSTEM));
	}

	GrpcChannel channel(TestTime time) {
		return channel(GrpcTestServer.network(Network.Resolver.SYSTEM, time));
	}

	GrpcChannel channel(Network network) {
		return new GrpcChannel(address(), GrpcTestServer.CERTIFICATE.pin(), null, "test/1", network);
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.listener.close();
		// the port is free only then
		this.acceptor.join(Patience.MILLIS);
		for (Socket socket : this.accepted) {
			socket.close();
		}
	}

	/**
	 * Handles a connection.
	 */
	interface Handler {

		void handle(Socket socket) throws Exception;

	}

	/**
	 * Handles a connection that speaks HTTP/2.
	 */
	interface Http2Handler {

		void handle(Http2Peer peer) throws Exception;

	}

	private interface Task {

		void run() throws Exception;

	}

}
