package dev.psat.tlstests.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;
import dev.psat.support.Patience;
import dev.psat.tlstests.Credential;

/**
 * A server that shakes hands with clients that present a certificate, and hangs up.
 */
final class Doorman implements AutoCloseable {

	private static final int PATIENCE_IN_MILLIS = Patience.MILLIS;

	private final SSLServerSocket server;

	private final AtomicInteger known = new AtomicInteger();

	private final AtomicInteger turnedAway = new AtomicInteger();

	Doorman(Credential credential) {
		try {
			this.server = (SSLServerSocket) credential.sslContext(new AnyCertificate())
				.getServerSocketFactory()
				.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
			this.server.setNeedClientAuth(true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(this::receive, "doorman");
		thread.setDaemon(true);
		thread.start();
	}

	private void receive() {
		while (!this.server.isClosed()) {
			try (SSLSocket client = (SSLSocket) this.server.accept()) {
				receive(client);
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void receive(SSLSocket client) {
		try {
			client.setSoTimeout(PATIENCE_IN_MILLIS);
			client.startHandshake();
			this.known.incrementAndGet();
		}
		catch (IOException ex) {
			this.turnedAway.incrementAndGet();
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return how many connections presented a certificate.
	 */
	int known() {
		return this.known.get();
	}

	/**
	 * Return how many connections came to nothing.
	 */
	int turnedAway() {
		return this.turnedAway.get();
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
