package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Shakes hands with a server again and again, each time anew, and remembers which
 * certificate it was shown.
 */
final class Prober implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(2);

	private final List<Probe> probes = Collections.synchronizedList(new ArrayList<>());

	private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

	private final KeyManager[] keyManagers;

	private final int port;

	private final Thread thread = new Thread(this::probe, "tls-prober");

	private volatile boolean over;

	/**
	 * Begin to shake hands.
	 * @param server where
	 * @param keyManagers hold what to show
	 */
	Prober(URI server, KeyManager[] keyManagers) {
		this.port = server.getPort();
		this.keyManagers = keyManagers;
		this.thread.start();
	}

	private void probe() {
		while (!this.over) {
			try {
				this.probes.add(shakeHands());
				Thread.sleep(PAUSE.toMillis());
			}
			catch (GeneralSecurityException | IOException | InterruptedException ex) {
				this.failures.add(ex);
			}
		}
	}

	private Probe shakeHands() throws GeneralSecurityException, IOException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(this.keyManagers, new TrustManager[] { new Anybody() }, new SecureRandom());
		long begun = System.nanoTime();
		try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), this.port);
				SSLSocket socket = (SSLSocket) context.getSocketFactory()
					.createSocket(plain, "localhost", this.port, true)) {
			X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
			return new Probe(begun, shown.getSerialNumber());
		}
	}

	/**
	 * Return what it was shown so far.
	 * @return the handshakes
	 */
	List<Probe> probes() {
		return List.copyOf(this.probes);
	}

	int count() {
		return this.probes.size();
	}

	/**
	 * Return the handshakes that have failed.
	 * @return how
	 */
	List<Exception> failures() {
		return List.copyOf(this.failures);
	}

	@Override
	public void close() throws InterruptedException {
		this.over = true;
		this.thread.join();
	}

	private static final class Anybody implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
