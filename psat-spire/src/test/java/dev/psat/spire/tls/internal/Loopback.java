package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that asks for certificates, and answers each connection with one
 * byte once it has read one. Serves one connection after the other.
 */
public final class Loopback implements AutoCloseable {

	/** Which nobody says by chance. */
	static final int ANSWER = 7;

	private final ServerSocket listening;

	private final Acceptor acceptor;

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private final Thread thread = new Thread(this::serve, "loopback");

	private Loopback(ServerSocket listening, Acceptor acceptor) {
		this.listening = listening;
		this.acceptor = acceptor;
		this.thread.start();
	}

	/**
	 * Serve with the server sockets of a context.
	 */
	public static Loopback ofServerSocket(SSLContext context, String protocol) throws IOException {
		SSLServerSocket listening = (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		listening.setNeedClientAuth(true);
		listening.setEnabledProtocols(new String[] { protocol });
		return new Loopback(listening, () -> (SSLSocket) listening.accept());
	}

	/**
	 * Serve with sockets of a context that are layered over accepted ones.
	 */
	public static Loopback ofLayeredSockets(SSLContext context, String protocol) throws IOException {
		ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		return new Loopback(listening, () -> {
			SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(listening.accept(), null, true);
			socket.setUseClientMode(false);
			socket.setNeedClientAuth(true);
			socket.setEnabledProtocols(new String[] { protocol });
			return socket;
		});
	}

	public int port() {
		return this.listening.getLocalPort();
	}

	List<String> failures() {
		return this.failures;
	}

	/**
	 * Connect, and have one byte answered.
	 * @param socket the socket, which is closed afterwards
	 */
	public static void call(Socket socket) throws IOException {
		try (socket) {
			socket.setSoTimeout(Patience.MILLIS);
			socket.setTcpNoDelay(true);
			socket.getOutputStream().write(1);
			int answer = socket.getInputStream().read();
			if (answer != ANSWER) {
				throw new IOException("The server has answered " + answer);
			}
		}
	}

	private void serve() {
		while (!this.listening.isClosed()) {
			SSLSocket socket = null;
			try {
				socket = this.acceptor.accept();
				socket.setSoTimeout(Patience.MILLIS);
				socket.setTcpNoDelay(true);
				if (socket.getInputStream().read() != -1) {
					socket.getOutputStream().write(ANSWER);
					// until the client has gone, which has read all by then
					socket.getInputStream().read();
				}
			}
			catch (IOException ex) {
				if (!this.listening.isClosed()) {
					this.failures.add(String.valueOf(ex.getMessage()));
				}
			}
			finally {
				close(socket);
			}
		}
	}

	private static void close(@Nullable Socket socket) {
		try {
			if (socket != null) {
				socket.close();
			}
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

	@Override
	public void close() throws Exception {
		this.listening.close();
		this.thread.join(Patience.MILLIS);
	}

	private interface Acceptor {

		SSLSocket accept() throws IOException;

	}

}
