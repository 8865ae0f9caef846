package dev.psat.tlstests.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;

import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;
import dev.psat.tlstests.Credential;

/**
 * A broker for a single connection, over which it says nothing.
 */
final class SilentBroker implements AutoCloseable {

	private final CountDownLatch connected = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Thread thread = new Thread(this::serve, "silent-broker");

	private final SSLServerSocket listener;

	SilentBroker(Credential credential) {
		try {
			this.listener = (SSLServerSocket) credential.sslContext(new AnyCertificate())
				.getServerSocketFactory()
				.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.listener.setNeedClientAuth(true);
		this.thread.start();
	}

	private void serve() {
		try (SSLSocket socket = (SSLSocket) this.listener.accept()) {
			socket.startHandshake();
			this.connected.countDown();
			InputStream in = socket.getInputStream();
			while (in.read() != -1) {
				// says nothing
			}
		}
		catch (IOException ex) {
			// without a farewell, or by close()
		}
		this.ended.countDown();
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Return what is over once the handshake is.
	 */
	CountDownLatch connected() {
		return this.connected;
	}

	/**
	 * Return what is over once the connection is.
	 */
	CountDownLatch ended() {
		return this.ended;
	}

	@Override
	public void close() throws Exception {
		this.listener.close();
		this.thread.join();
	}

}
