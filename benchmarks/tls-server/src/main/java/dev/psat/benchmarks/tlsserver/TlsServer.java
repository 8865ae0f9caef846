package dev.psat.benchmarks.tlsserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.management.OperatingSystemMXBean;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.tls.TlsIdentity;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * A web application that tells which certificate it shows from now on, and on request
 * what processor time it has used. It exits when its input ends.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TlsServer {

	/** Begins the lines that are no log. */
	public static final String ANSWER = "tls: ";

	/** Asks for the processor time that was used so far, in nanoseconds. */
	public static final String CPU = "cpu";

	/** Asks for a garbage collection. */
	public static final String COLLECT = "collect";

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final AtomicBoolean told = new AtomicBoolean();

	private final ObjectProvider<SpireIdentity> identity;

	TlsServer(ObjectProvider<SpireIdentity> identity) {
		this.identity = identity;
	}

	/**
	 * Start the application. It ends with its input even while it still starts.
	 * @param args its properties
	 */
	public static void main(String[] args) {
		Thread listener = new Thread(TlsServer::listen, "tls-server-input");
		listener.setDaemon(true);
		listener.start();
		ConfigurableApplicationContext context = SpringApplication.run(TlsServer.class, args);
		if (context.getBeanProvider(QuickIdentity.class).getIfAvailable() != null) {
			tellChanges((TlsIdentity) context.getBean(SpireIdentity.class));
		}
		answer("ready " + context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	private static void listen() {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		try {
			BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			String question = input.readLine();
			while (question != null) {
				if (question.equals(COLLECT)) {
					System.gc();
				}
				answer("cpu " + system.getProcessCpuTime());
				question = input.readLine();
			}
		}
		catch (IOException ex) {
			System.err.println("The input has failed: " + ex);
		}
		end();
	}

	/**
	 * Exit, by force if the application does not close.
	 */
	private static void end() {
		Thread force = new Thread(TlsServer::haltAfterAWhile, "tls-server-end");
		force.setDaemon(true);
		force.start();
		System.exit(0);
	}

	private static void haltAfterAWhile() {
		try {
			Thread.sleep(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Runtime.getRuntime().halt(1);
	}

	/**
	 * The first certificate is no rotation.
	 */
	@EventListener
	void onState(SpireStateChangedEvent change) {
		if (change.state().isUp() && this.told.compareAndSet(false, true)) {
			show(this.identity.getObject().x509Svid().serialNumber());
		}
	}

	@EventListener
	void onRotation(SvidRotatedEvent rotation) {
		show(rotation.serialNumber());
	}

	/**
	 * On Linux, all processes agree on this time.
	 */
	private static void show(BigInteger serialNumber) {
		answer("shows " + serialNumber + " " + System.nanoTime());
	}

	/**
	 * Listen before the first connection, and so before the bundle does.
	 */
	private static void tellChanges(TlsIdentity identity) {
		AtomicReference<List<X509Certificate>> known = new AtomicReference<>(List.of());
		identity.onChange(() -> {
			TrustBundle bundle = identity.snapshot().trustBundle();
			List<X509Certificate> current = (bundle == null) ? List.of()
					: bundle.x509Authorities().stream().map(X509Authority::certificate).toList();
			if (!current.equals(known.getAndSet(current))) {
				answer("learned " + System.nanoTime());
			}
		});
	}

	private static void answer(String line) {
		System.out.println(ANSWER + line);
	}

}
