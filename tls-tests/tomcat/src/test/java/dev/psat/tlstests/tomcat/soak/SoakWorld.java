package dev.psat.tlstests.tomcat.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import dev.psat.support.soak.Violations;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import dev.psat.tlstests.CachedCertificates;

/**
 * A SPIRE Server, and two applications that call each other. Belongs to one thread, which
 * looks at both whenever it waits.
 */
final class SoakWorld implements AutoCloseable {

	/** As short as a visit each 5 seconds allows. */
	static final Duration SVID_LIFE = Duration.ofSeconds(30);

	static final Duration AGENT_LIFE = Duration.ofSeconds(60);

	private static final String TRUST_DOMAIN = "example.org";

	private static final String CLUSTER = "soak";

	private static final String UNTRUSTED = "untrusted";

	private static final Duration LOOK = Duration.ofMillis(5);

	private final Violations violations;

	private final Allowances allowances;

	private final SimulatedSpireServer server;

	private final List<SimulatedKubelet> kubelets;

	private final List<Application> applications;

	private final Authorities authorities;

	private final Repair repair;

	private final Set<String> told = new HashSet<>();

	private volatile Duration clockOffset = Duration.ZERO;

	private Effect effect = Effect.NONE;

	SoakWorld(Path directory, Violations violations) throws IOException {
		this.violations = violations;
		this.allowances = new Allowances(violations, List.of("orders", "customers"), this::refused);
		SimulatedKubelet orders = kubelet(directory, "orders");
		SimulatedKubelet customers = kubelet(directory, "customers");
		this.kubelets = List.of(orders, customers);
		InstantSource clock = () -> Instant.now().plus(this.clockOffset);
		this.server = SimulatedSpireServer.builder()
			.trustDomain(TRUST_DOMAIN)
			.workload(orders, CLUSTER)
			.workload(customers, CLUSTER)
			.clock(clock.withZone(ZoneOffset.UTC))
			.x509SvidTtl(SVID_LIFE)
			.agentTtl(AGENT_LIFE)
			.entryCacheReload(Duration.ofSeconds(1))
			.build();
		CachedCertificates.fill(this.server);
		Path trustBundle = directory.resolve("trust-bundle.pem");
		this.server.trustBundle().writeTo(trustBundle);
		this.authorities = new Authorities(this.server);
		this.repair = new Repair(this.server, this.authorities, (offset) -> this.clockOffset = offset, CLUSTER);
		this.applications = List.of(application("orders", orders, "customers", trustBundle),
				application("customers", customers, "orders", trustBundle));
	}

	private static SimulatedKubelet kubelet(Path directory, String serviceAccount) {
		return SimulatedKubelet.builder()
			.directory(directory.resolve(serviceAccount))
			.serviceAccount("shop", serviceAccount)
			.pod(serviceAccount + "-0")
			.rotateOnSchedule()
			.build();
	}

	private Application application(String serviceAccount, SimulatedKubelet kubelet, String peer, Path trustBundle) {
		String peerId = "spiffe://%s/ns/shop/sa/%s".formatted(TRUST_DOMAIN, peer);
		return new Application(serviceAccount, kubelet, Map.ofEntries(Map.entry("spring.main.banner-mode", "off"),
				Map.entry("server.port", "0"), Map.entry("server.ssl.bundle", "spire"),
				Map.entry("server.tomcat.max-keep-alive-requests", "-1"), Map.entry("spire.psat.cluster", CLUSTER),
				Map.entry("spire.psat.token-path", kubelet.tokenPath().toString()),
				Map.entry("spire.server.address", this.server.address()),
				Map.entry("spire.server.trust-domain", TRUST_DOMAIN),
				Map.entry("spire.server.trust-bundle", trustBundle.toString()),
				Map.entry("spire.svid.refresh-interval", "5s"), Map.entry("spire.bundle.open-connections", "keep"),
				Map.entry("spire.bundle.authorized-clients", peerId),
				Map.entry("spire.bundle.authorized-servers", peerId)));
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
	 */
	void expect(Effect effect) {
		this.effect = effect;
		this.told.clear();
	}

	/**
	 * Look at both applications for some time.
	 */
	void watch(Duration time) {
		await(() -> false, time);
	}

	/**
	 * Wait for something, and look at both applications all the while.
	 * @return whether it has come before the bound
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
			.filter((application) -> application.toString().equals(client))
			.mapToLong(
					(application) -> (kind == Failure.Kind.PEER_REFUSED) ? application.handshakes("outbound", UNTRUSTED)
							: peerOf(application).handshakes("inbound", UNTRUSTED))
			.sum();
	}

	/**
	 * Tell what both applications show.
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
	}

}
