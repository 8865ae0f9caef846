package dev.psat.spire.jdbc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.psat.support.Patience;

/**
 * A server that speaks the beginning of PostgreSQL's protocol, up to where a client would
 * send its password, and then refuses to go on.
 */
final class FakePostgres implements AutoCloseable {

	private static final int SSL_REQUEST = 80877103;

	private final ServerSocket server;

	private final SSLContext context;

	private final char answer;

	private final List<String> startups = new CopyOnWriteArrayList<>();

	/**
	 * Start a server.
	 * @param context the context by which it speaks TLS
	 * @param answer what it answers if it is asked for TLS: S, N, or D if it expects TLS
	 * without being asked
	 */
	FakePostgres(SSLContext context, char answer) {
		this.context = context;
		this.answer = answer;
		try {
			this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(this::serve, "fake-postgres");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Return the URL of its database.
	 * @param host the name by which it is called
	 * @param settings further settings
	 * @return the URL
	 */
	String url(String host, String settings) {
		return "jdbc:postgresql://%s:%d/orders?user=orders&connectTimeout=5&%s".formatted(host,
				this.server.getLocalPort(), settings);
	}

	/**
	 * Return how each session began: {@code clear}, or by the serial number of the
	 * client's certificate.
	 * @return the sessions
	 */
	List<String> startups() {
		return this.startups;
	}

	private void serve() {
		while (!this.server.isClosed()) {
			try (Socket socket = this.server.accept()) {
				socket.setSoTimeout(Patience.MILLIS);
				serve(socket);
			}
			catch (IOException ex) {
				// the client has given up
			}
		}
	}

	private void serve(Socket socket) throws IOException {
		if (this.answer == 'D') {
			startup(tls(socket));
			return;
		}
		DataInputStream in = new DataInputStream(socket.getInputStream());
		in.readInt();
		if (in.readInt() != SSL_REQUEST) {
			began(socket, "clear");
			return;
		}
		socket.getOutputStream().write(this.answer);
		startup((this.answer == 'S') ? tls(socket) : socket);
	}

	private SSLSocket tls(Socket socket) throws IOException {
		SSLSocket secure = (SSLSocket) this.context.getSocketFactory()
			.createSocket(socket, null, this.server.getLocalPort(), true);
		secure.setUseClientMode(false);
		secure.setNeedClientAuth(true);
		secure.startHandshake();
		return secure;
	}

	private void startup(Socket socket) throws IOException {
		DataInputStream in = new DataInputStream(socket.getInputStream());
		in.readInt();
		in.readInt();
		began(socket, (socket instanceof SSLSocket secure) ? serial(secure).toString() : "clear");
	}

	private void began(Socket socket, String how) throws IOException {
		this.startups.add(how);
		byte[] fields = "SFATAL\0C57P03\0Mnot today\0\0".getBytes(StandardCharsets.US_ASCII);
		socket.getOutputStream().write(new byte[] { 'E', 0, 0, 0, (byte) (fields.length + 4) });
		socket.getOutputStream().write(fields);
		socket.getOutputStream().flush();
	}

	private static BigInteger serial(SSLSocket socket) throws IOException {
		return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
