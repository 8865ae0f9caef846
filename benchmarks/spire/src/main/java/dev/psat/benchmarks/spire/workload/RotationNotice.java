package dev.psat.benchmarks.spire.workload;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.benchmarks.Sample;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.workload.WorkloadIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;

import org.springframework.util.Assert;

/**
 * From rotations at the simulated Workload API to handshakes with the new X.509-SVID, in
 * nanoseconds.
 */
final class RotationNotice {

	private static final int WARM_UP = 100;

	private final BlockingQueue<BigInteger> serials = new LinkedBlockingQueue<>();

	private final List<Long> rotation = new ArrayList<>();

	private final List<Long> notice = new ArrayList<>();

	private final List<Long> handshake = new ArrayList<>();

	private int stale;

	/**
	 * Rotate, and shake hands each time as soon as an observer of the identity knows.
	 */
	static RotationNotice measure(int times) throws Exception {
		RotationNotice notice = new RotationNotice();
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(WorkloadBenchmark.ID).build();
				SpireIdentity identity = WorkloadIdentity.builder()
					.endpoint(WorkloadEndpoint.parse(api.address()))
					.build()) {
			identity.addObserver(new SpireObserver() {

				@Override
				public void changed(SpireStatus previous, SpireStatus current) {
					if (current.state() == SpireState.READY) {
						notice.serials.add(identity.x509Svid().serialNumber());
					}
				}

			});
			identity.start();
			BigInteger last = notice.next(BigInteger.ZERO);
			SSLContext context = SpiffeSslBundle.of(identity).authorizing((id) -> true).createSslContext();
			try (SSLServerSocket server = server(context)) {
				for (int i = 0; i < WARM_UP + times; i++) {
					long begin = System.nanoTime();
					api.rotate();
					long rotated = System.nanoTime();
					last = notice.next(last);
					long noticed = System.nanoTime();
					BigInteger presented = shakeHands(context, server.getLocalPort());
					if (i >= WARM_UP) {
						notice.rotation.add(rotated - begin);
						notice.notice.add(noticed - begin);
						notice.handshake.add(System.nanoTime() - begin);
						notice.stale += presented.equals(last) ? 0 : 1;
					}
				}
			}
		}
		return notice;
	}

	private BigInteger next(BigInteger last) throws InterruptedException {
		BigInteger serial = last;
		while (serial.equals(last)) {
			serial = this.serials.poll(10, TimeUnit.SECONDS);
			Assert.state(serial != null, "The identity has no new SVID");
		}
		return serial;
	}

	private static SSLServerSocket server(SSLContext context) throws IOException {
		SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
		server.setNeedClientAuth(true);
		Thread thread = new Thread(() -> {
			while (!server.isClosed()) {
				try (SSLSocket socket = (SSLSocket) server.accept()) {
					socket.setTcpNoDelay(true);
					socket.getInputStream().transferTo(socket.getOutputStream());
				}
				catch (IOException ex) {
					// the client tells what fails
				}
			}
		}, "benchmark-server");
		thread.setDaemon(true);
		thread.start();
		return server;
	}

	/** A byte comes back once the server has accepted the client, too. */
	private static BigInteger shakeHands(SSLContext context, int port) throws IOException {
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), port)) {
			// as HTTP clients and servers have it
			socket.setTcpNoDelay(true);
			socket.getOutputStream().write(1);
			Assert.state(socket.getInputStream().read() == 1, "The server has not answered");
			return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
		}
	}

	Sample rotation() {
		return Sample.of(this.rotation);
	}

	Sample notice() {
		return Sample.of(this.notice);
	}

	Sample handshake() {
		return Sample.of(this.handshake);
	}

	int stale() {
		return this.stale;
	}

}
