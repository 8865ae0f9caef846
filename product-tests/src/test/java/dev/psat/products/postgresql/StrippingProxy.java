package dev.psat.products.postgresql;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody on the way to a server who answers in its place that it does not speak TLS.
 */
final class StrippingProxy implements AutoCloseable {

	private static final int SSL_REQUEST = 80877103;

	private final ServerSocket server;

	private final int target;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger relayed = new AtomicInteger();

	StrippingProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::serve);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return how many sessions went on in the clear.
	 * @return the number of sessions
	 */
	int relayed() {
		return this.relayed.get();
	}

	private void serve() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				this.threads.execute(() -> serve(client));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket client) {
		try (client; Socket postgres = new Socket(InetAddress.getLoopbackAddress(), this.target)) {
			DataInputStream in = new DataInputStream(client.getInputStream());
			byte[] first = in.readNBytes(8);
			if (first.length == 8 && code(first) == SSL_REQUEST) {
				client.getOutputStream().write('N');
				first = in.readNBytes(1);
			}
			if (first.length > 0) {
				this.relayed.incrementAndGet();
				postgres.getOutputStream().write(first);
				this.threads.execute(() -> copy(postgres, client));
				in.transferTo(postgres.getOutputStream());
			}
		}
		catch (IOException ex) {
			// one of them has gone
		}
	}

	private static int code(byte[] request) {
		return java.nio.ByteBuffer.wrap(request).getInt(4);
	}

	private static void copy(Socket from, Socket to) {
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			in.transferTo(out);
		}
		catch (IOException ex) {
			// one of them has gone
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.shutdownNow();
	}

}
