package dev.psat.benchmarks.spire.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import dev.psat.benchmarks.soak.MovableClock;
import dev.psat.benchmarks.soak.Violations;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

import org.springframework.util.FileSystemUtils;

/**
 * A SPIRE Server, and two applications that call each other. Belongs to one thread, which
 * looks at both whenever it waits.
 */
final class World implements AutoCloseable {

	/** As short as a visit each 5 seconds allows. */
	static final Duration SVID_LIFE = Duration.ofSeconds(30);

	static final Duration AGENT_LIFE = Duration.ofSeconds(60);

	private static final String TRUST_DOMAIN = "example.org";

	private static final String CLUSTER = "soak";

	private static final String UNTRUSTED = "untrusted";

	private static final Duration LOOK = Duration.ofMillis(5);

	private final Violations violations;

	private final Allowances allowances;

	private final MovableClock clock = new MovableClock();

	private final Path root;

	private final List<SimulatedKubelet> kubelets = new ArrayList<>();

	private final SimulatedSpireServer server;

	private final List<Application> applications = new ArrayList<>();

	private final Authorities authorities;

	private final Repair repair;

	private final Set<String> told = new HashSet<>();

	private Effect effect = Effect.NONE;

	World(Violations violations) throws IOException {
		this.violations = violations;
		this.allowances = new Allowances(violations, List.of("orders", "customers"), this::refused);
		this.root = Files.createTempDirectory("psat-spire-soak-");
		Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
		SimulatedKubelet orders = kubelet("orders");
		SimulatedKubelet customers = kubelet("customers");
		this.server = SimulatedSpireServer.builder()
			.trustDomain(TRUST_DOMAIN)
			.workload(orders, CLUSTER)
			.workload(customers, CLUSTER)
			.clock(this.clock)
			.x509SvidTtl(SVID_LIFE)
			.agentTtl(AGENT_LIFE)
			.entryCacheReload(Duration.ofSeconds(1))
			.build();
		CertificateCache.fill(this.server);
		this.server.trustBundle().writeTo(this.root.resolve("trust-bundle.pem"));
		this.authorities = new Authorities(this.server);
		this.repair = new Repair(this.server, this.authorities, this.clock, CLUSTER);
		this.applications.add(application("orders", orders, "customers"));
		this.applications.add(application("customers", customers, "orders"));
	}

	private SimulatedKubelet kubelet(String serviceAccount) {
		SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(this.root.resolve(serviceAccount))
			.serviceAccount("shop", serviceAccount)
			.pod(serviceAccount + "-0")
			.rotateOnSchedule()
			.build();
		this.kubelets.add(kubelet);
		return kubelet;
	}

	private Application application(String serviceAccount, SimulatedKubelet kubelet, String peer) {
		String peerId = "spiffe://%s/ns/shop/sa/%s".formatted(TRUST_DOMAIN, peer);
		return new Application(serviceAccount, kubelet, Map.ofEntries(Map.entry("spring.main.banner-mode", "off"),
				Map.entry("server.port", "0"), Map.entry("server.ssl.bundle", "spire"),
				Map.entry("server.tomcat.max-keep-alive-requests", "-1"), Map.entry("spire.psat.cluster", CLUSTER),
				Map.entry("spire.psat.token-path", kubelet.tokenPath().toString()),
				Map.entry("spire.psat.server.address", this.server.address()),
				Map.entry("spire.psat.server.trust-domain", TRUST_DOMAIN),
				Map.entry("spire.psat.server.trust-bundle", this.root.resolve("trust-bundle.pem").toString()),
				Map.entry("spire.psat.svid.refresh-interval", "5s"),
				Map.entry("spire.psat.bundle.authorized-clients", peerId),
				Map.entry("spire.psat.bundle.authorized-servers", peerId)));
	}

	SimulatedSpireServer server() {
		return this.server;
	}

	List<Application> applications() {
		return this.applications;
	}

	Application peerOf(Application application) {
		return this.applications.get(1 - this.applications.indexOf(application));
	}

	Violations violations() {
		return this.violations;
	}

	Allowances allowances() {
		return this.allowances;
	}

	Authorities authorities() {
		return this.authorities;
	}

	Repair repair() {
		return this.repair;
	}

	/**
	 * Let applications show something else from now on.
	 * @param effect what they may show
	 */
	void expect(Effect effect) {
		this.effect = effect;
		this.told.clear();
	}

	/**
	 * Look at both applications for some time.
	 * @param time how long
	 */
	void watch(Duration time) {
		await(() -> false, time);
	}

	/**
	 * Wait for something, and look at both applications all the while.
	 * @param condition what to wait for
	 * @param bound how long to wait at most
	 * @return whether it has come
	 */
	boolean await(BooleanSupplier condition, Duration bound) {
		long deadline = System.nanoTime() + bound.toNanos();
		look();
		boolean come = condition.getAsBoolean();
		while (!come && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(LOOK.toNanos());
			look();
			come = condition.getAsBoolean();
		}
		return come;
	}

	private void look() {
		for (Application application : this.applications) {
			String contradiction = this.effect.contradiction(application.status());
			if (contradiction != null && this.told.add(application + contradiction)) {
				this.violations.add("%s %s".formatted(application, contradiction));
			}
		}
	}

	/**
	 * Let all connections to the server end. How many of them are open is chance, and
	 * each takes a descriptor on both sides.
	 */
	void endConnections() {
		this.server.goAway();
		await(() -> this.server.journal().openConnections() == 0, Duration.ofSeconds(2));
	}

	private long refused(String client, Failure.Kind kind) {
		return this.applications.stream()
			.filter((application) -> application.serviceAccount().equals(client))
			.mapToLong(
					(application) -> (kind == Failure.Kind.PEER_REFUSED) ? application.handshakes("outbound", UNTRUSTED)
							: peerOf(application).handshakes("inbound", UNTRUSTED))
			.sum();
	}

	/**
	 * Tell what both applications show.
	 * @return their statuses
	 */
	String describe() {
		return this.applications.stream()
			.map((application) -> application + ": " + application.status())
			.collect(Collectors.joining("; "));
	}

	@Override
	public void close() {
		this.applications.forEach(Application::close);
		this.server.close();
		this.kubelets.forEach(SimulatedKubelet::close);
		delete();
	}

	private void delete() {
		try {
			FileSystemUtils.deleteRecursively(this.root);
		}
		catch (IOException ex) {
			System.err.println("Could not delete " + this.root + ": " + ex);
		}
	}

}
