package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.X509TrustManager;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.spire.World;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * How much processor time trust managers take to let a client in, or to refuse a
 * stranger: those of one identity with other lists of clients each, and that of the JDK.
 */
final class PeerChecks implements AutoCloseable {

	static final String PKIX = "PKIX of the JDK, which asks for no ID";

	static final String ANY = "ours, `authorize-any-client`";

	static final int CLIENTS = 200;

	static final int STRANGERS = 50;

	private static final int MANY = 100;

	private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

	private static final String KEY_TYPE = "EC";

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private final PeerCertificates certificates;

	private final Strangers strangers;

	private PeerChecks(World world) throws Exception {
		this.certificates = new PeerCertificates(world);
		this.strangers = new Strangers(world);
	}

	/**
	 * Measure all in turns.
	 * @param batches how often
	 * @param world where
	 * @param application the application, whose identity ends
	 * @return what was measured, by the name of the trust manager
	 * @throws Exception if it cannot be measured
	 */
	static Measured<String, Means> of(int batches, World world, ClientApplication application) throws Exception {
		try (PeerChecks checks = new PeerChecks(world)) {
			String listed = World.id(ClientApplication.SERVICE_ACCOUNT);
			String many = Stream
				.concat(IntStream.range(1, MANY).mapToObj((other) -> World.id("other-" + other)), Stream.of(listed))
				.collect(Collectors.joining(","));
			Map<String, X509TrustManager> all = new LinkedHashMap<>();
			all.put(PKIX, trustManager(application.pemBundle()));
			all.put(ANY, checks.ours(world, application, "authorize-any-client=true"));
			all.put("ours, one ID is listed", checks.ours(world, application, "authorized-clients=" + listed));
			all.put("ours, %d IDs are listed, this one last".formatted(MANY),
					checks.ours(world, application, "authorized-clients=" + many));
			all.put("ours, `spiffe://example.org/ns/shop/*` is listed",
					checks.ours(world, application, "authorized-clients=spiffe://example.org/ns/shop/*"));
			Turns<String, X509TrustManager> turns = new Turns<>("", all).shuffled(new Random(ThroughputRun.SEED));
			turns.measure(batches / 2, checks::measure);
			return turns.measure(batches, checks::measure);
		}
	}

	/**
	 * Return our trust manager. To end connections with their cause, it would have to be
	 * told of one.
	 */
	private X509TrustManager ours(World world, ClientApplication application, String clients) {
		ApplicationContextInitializer<GenericApplicationContext> identity = (context) -> context
			.registerBean(SpireIdentity.class, application::identity);
		this.contexts.add(ClientApplication
			.run(Stream.concat(world.target(ClientApplication.SERVICE_ACCOUNT).properties().stream(),
					Stream.of("spire.bundle." + clients, "spire.bundle.open-connections=keep")), identity));
		return trustManager(this.contexts.get(this.contexts.size() - 1).getBean(SpiffeSslBundle.class));
	}

	private static X509TrustManager trustManager(SslBundle bundle) {
		return (X509TrustManager) bundle.getManagers().getTrustManagers()[0];
	}

	/**
	 * Check clients that nobody has seen yet, then one of them again and again, then
	 * strangers.
	 */
	private Means measure(X509TrustManager trustManager) throws GeneralSecurityException {
		List<X509Certificate[]> clients = this.certificates.next(CLIENTS);
		return new Means(mean(trustManager, clients, true),
				mean(trustManager, Collections.nCopies(CLIENTS, clients.get(0)), true),
				mean(trustManager, this.strangers.next(STRANGERS), false));
	}

	private static double mean(X509TrustManager trustManager, List<X509Certificate[]> peers, boolean trusted) {
		long begin = CPU.getCurrentThreadCpuTime();
		for (X509Certificate[] peer : peers) {
			if (isTrusted(trustManager, peer) != trusted) {
				throw new IllegalStateException(trusted ? "A client is refused" : "A stranger is let in");
			}
		}
		return (double) (CPU.getCurrentThreadCpuTime() - begin) / peers.size();
	}

	private static boolean isTrusted(X509TrustManager trustManager, X509Certificate[] peer) {
		try {
			trustManager.checkClientTrusted(peer, KEY_TYPE);
			return true;
		}
		catch (CertificateException ex) {
			return false;
		}
	}

	/**
	 * Ends the identity too.
	 */
	@Override
	public void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	/**
	 * Nanoseconds of processor time for a client that nobody has seen, for one that was
	 * seen before, and for a stranger.
	 */
	record Means(double unseen, double seen, double strange) {

	}

}
