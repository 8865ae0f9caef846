package dev.psat.benchmarks.tlsserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;
import dev.psat.spire.SvidRotatedEvent;

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

	/**
	 * Start the application. It ends with its input even while it still starts.
	 * @param args its properties
	 */
	public static void main(String[] args) {
		Thread listener = new Thread(TlsServer::listen, "tls-server-input");
		listener.setDaemon(true);
		listener.start();
		ConfigurableApplicationContext context = SpringApplication.run(TlsServer.class, args);
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
	 * On Linux, all processes agree on this time.
	 */
	@EventListener
	void onRotation(SvidRotatedEvent rotation) {
		answer("shows " + rotation.serialNumber() + " " + System.nanoTime());
	}

	private static void answer(String line) {
		System.out.println(ANSWER + line);
	}

}
