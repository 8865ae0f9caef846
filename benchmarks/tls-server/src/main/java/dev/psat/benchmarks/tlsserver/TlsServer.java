package dev.psat.benchmarks.tlsserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;

import com.sun.management.OperatingSystemMXBean;
import dev.psat.spire.SvidRotatedEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.util.Assert;

/**
 * A web application that tells which certificate it shows from now on, and on request
 * what processor time it has used. It ends with its input.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TlsServer {

	/** Begins the lines that are no log. */
	public static final String ANSWER = "tls: ";

	/** The name of the bundle of PEM files. */
	public static final String PEM = "pem";

	/**
	 * Start the application.
	 * @param args its properties
	 * @throws IOException if its input fails
	 */
	public static void main(String[] args) throws IOException {
		ConfigurableApplicationContext context = SpringApplication.run(TlsServer.class, args);
		SslBundles bundles = context.getBean(SslBundles.class);
		if (bundles.getBundleNames().contains(PEM)) {
			// after the handler of the web server, which has registered earlier
			bundles.addBundleUpdateHandler(PEM, (bundle) -> shows(serialNumber(bundle)));
		}
		answer("ready " + context.getEnvironment().getRequiredProperty("local.server.port"));
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (input.readLine() != null) {
			answer("cpu " + system.getProcessCpuTime());
		}
		System.exit(0);
	}

	@EventListener
	void onRotation(SvidRotatedEvent rotation) {
		shows(rotation.serialNumber());
	}

	/**
	 * On Linux, all processes agree on this time.
	 */
	private static void shows(BigInteger serialNumber) {
		answer("shows " + serialNumber + " " + System.nanoTime());
	}

	private static BigInteger serialNumber(SslBundle bundle) {
		try {
			KeyStore store = bundle.getStores().getKeyStore();
			Assert.state(store != null, "There is no key store");
			String alias = Collections.list(store.aliases()).get(0);
			return ((X509Certificate) store.getCertificate(alias)).getSerialNumber();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void answer(String line) {
		System.out.println(ANSWER + line);
	}

}
