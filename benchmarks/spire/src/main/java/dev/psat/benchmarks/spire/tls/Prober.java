package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.Callable;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

/**
 * Shakes hands with a server, each time anew, and sees which certificate it is shown.
 *
 * @param port where
 * @param keyManagers hold what to show
 */
record Prober(int port, KeyManager[] keyManagers) implements Callable<Probe> {

	private static final int TIMEOUT = (int) ClientApplication.TIMEOUT.toMillis();

	private static final int PAUSE = 2;

	@Override
	public Probe call() throws GeneralSecurityException, IOException, InterruptedException {
		Thread.sleep(PAUSE);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(this.keyManagers, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		long begun = System.nanoTime();
		try (Socket plain = new Socket()) {
			plain.setSoTimeout(TIMEOUT);
			plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), TIMEOUT);
			try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
				.createSocket(plain, "localhost", this.port, true)) {
				X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
				return new Probe(begun, shown.getSerialNumber());
			}
		}
	}

}
