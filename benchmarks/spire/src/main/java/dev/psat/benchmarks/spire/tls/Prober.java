package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

/**
 * Shakes hands with a server again and again, each time anew, and remembers which
 * certificate it was shown.
 */
final class Prober implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(2);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<Probe> probes = Collections.synchronizedList(new ArrayList<>());

	private final KeyManager[] keyManagers;

	private final int port;

	private final Repetition repetition;

	/**
	 * Begin to shake hands.
	 * @param server where
	 * @param keyManagers hold what to show
	 */
	Prober(URI server, KeyManager[] keyManagers) {
		this.port = server.getPort();
		this.keyManagers = keyManagers;
		this.repetition = Repetition.start("tls-prober", this::probe);
	}

	private Probe probe() throws GeneralSecurityException, IOException, InterruptedException {
		Probe probe = shakeHands();
		this.probes.add(probe);
		Thread.sleep(PAUSE.toMillis());
		return probe;
	}

	private Probe shakeHands() throws GeneralSecurityException, IOException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(this.keyManagers, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
		long begun = System.nanoTime();
		try (Socket plain = connect();
				SSLSocket socket = (SSLSocket) context.getSocketFactory()
					.createSocket(plain, "localhost", this.port, true)) {
			X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
			return new Probe(begun, shown.getSerialNumber());
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket();
		try {
			socket.setSoTimeout((int) ClientApplication.TIMEOUT.toMillis());
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port),
					(int) ClientApplication.TIMEOUT.toMillis());
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
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
	List<Throwable> failures() {
		return this.repetition.failures();
	}

	@Override
	public void close() throws InterruptedException {
		this.repetition.stop();
		this.repetition.awaitEnd(PATIENCE);
	}

}
