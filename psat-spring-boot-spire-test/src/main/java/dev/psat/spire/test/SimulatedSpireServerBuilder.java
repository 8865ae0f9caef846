package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.test.SimulatedKubelet;

import org.springframework.util.Assert;

/**
 * Builds a {@link SimulatedSpireServer}. Not thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#builder()
 */
public final class SimulatedSpireServerBuilder {

	static final String CLUSTER = "simulated";

	final Map<String, SimulatedCluster> clusters = new LinkedHashMap<>();

	private final List<Workload> workloads = new ArrayList<>();

	String trustDomain = "example.org";

	SpireRelease release = SpireRelease.V1_15_3;

	SvidLifetimes lifetimes = new SvidLifetimes(Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(5));

	Duration caTtl = Duration.ofHours(24);

	Duration entryCacheReload = Duration.ofSeconds(5);

	Duration connectionAge = Duration.ofMinutes(3);

	List<String> hosts = List.of("127.0.0.1");

	boolean attestationLimit = true;

	boolean upstreamAuthority;

	boolean jwtSvids = true;

	TlsStack tlsStack = TlsStack.best();

	Clock clock = Clock.systemUTC();

	SimulatedSpireServerBuilder() {
	}

	/**
	 * Set the name of the trust domain, {@code example.org} by default.
	 * @param trustDomain the name, without scheme
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder trustDomain(String trustDomain) {
		Assert.isTrue(SpiffeIds.isWellFormed("spiffe://" + trustDomain) && trustDomain.indexOf('/') == -1,
				"'trustDomain' must be the name of a trust domain");
		this.trustDomain = trustDomain;
		return this;
	}

	/**
	 * Add a cluster to the server's configuration.
	 * @param cluster the cluster
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder cluster(SimulatedCluster cluster) {
		Assert.notNull(cluster, "'cluster' must not be null");
		this.clusters.put(cluster.name(), cluster);
		return this;
	}

	/**
	 * Register the pod of a simulated kubelet in the cluster {@code simulated}.
	 * @param kubelet the kubelet
	 * @return this builder
	 * @see #workload(SimulatedKubelet, String)
	 */
	public SimulatedSpireServerBuilder workload(SimulatedKubelet kubelet) {
		return workload(kubelet, CLUSTER);
	}

	/**
	 * Register the pod of a simulated kubelet with all that it needs for an SVID. A
	 * cluster that was not added is made, with agent IDs of pods.
	 * @param kubelet the kubelet
	 * @param cluster the name of the cluster
	 * @return this builder
	 * @see SimulatedSpireServer#register(SimulatedKubelet, String)
	 */
	public SimulatedSpireServerBuilder workload(SimulatedKubelet kubelet, String cluster) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		this.workloads.add(new Workload(kubelet, cluster));
		return this;
	}

	/**
	 * Set how long agent SVIDs live, an hour by default.
	 * @param ttl the time, positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder agentTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(checked(ttl), this.lifetimes.x509Svid(), this.lifetimes.jwtSvid());
		return this;
	}

	/**
	 * Set how long X509-SVIDs live, that of the server included, an hour by default.
	 * @param ttl the time, positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder x509SvidTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(this.lifetimes.agentSvid(), checked(ttl), this.lifetimes.jwtSvid());
		return this;
	}

	/**
	 * Set how long JWT-SVIDs live, five minutes by default.
	 * @param ttl the time, positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder jwtSvidTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(this.lifetimes.agentSvid(), this.lifetimes.x509Svid(), checked(ttl));
		return this;
	}

	/**
	 * Set how long authorities live, 24 hours by default. Nothing that they sign outlives
	 * them.
	 * @param ttl the time, positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder caTtl(Duration ttl) {
		this.caTtl = checked(ttl);
		return this;
	}

	/**
	 * Put the server's authority below one upstream, so that chains have an intermediate
	 * certificate. Modelled on source, not on a run.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder upstreamAuthority() {
		this.upstreamAuthority = true;
		return this;
	}

	/**
	 * Issue no JWT-SVIDs, and have no JWT authority, as with {@code disable_jwt_svids} in
	 * the configuration of a real server. Modelled on source, not on a run.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder disableJwtSvids() {
		this.jwtSvids = false;
		return this;
	}

	/**
	 * Set how often the cache of entries is reloaded, every five seconds by default, as a
	 * real server does.
	 * @param interval the interval; zero for no cache, so that all is seen at once
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder entryCacheReload(Duration interval) {
		Assert.isTrue(!interval.isNegative(), "'interval' must not be negative");
		this.entryCacheReload = interval;
		return this;
	}

	/**
	 * Set whether attestations are limited to one a second and address, which they are by
	 * default.
	 * @param limit whether they are
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder limitAttestations(boolean limit) {
		this.attestationLimit = limit;
		return this;
	}

	/**
	 * Set the age at which a connection is ended by {@code GOAWAY}, three minutes by
	 * default, plus or minus a tenth.
	 * @param age the age, positive; less than a second counts as one
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder connectionAge(Duration age) {
		this.connectionAge = checked(age);
		return this;
	}

	/**
	 * Set the addresses to listen on, {@code 127.0.0.1} by default. Several, all on one
	 * port, are those of a replicated server behind one name; replicas of this one share
	 * everything.
	 * @param hosts the addresses as literals, IPv6 without brackets
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder listenOn(String... hosts) {
		Assert.notEmpty(hosts, "'hosts' must not be empty");
		this.hosts = List.of(hosts);
		return this;
	}

	/**
	 * Set the release whose behaviour and words the server has, 1.15.3 by default.
	 * @param release the release
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder behaveAs(SpireRelease release) {
		Assert.notNull(release, "'release' must not be null");
		this.release = release;
		return this;
	}

	/**
	 * Set the clock of the server and of its cluster's API server. By default it is the
	 * system's. Queues, reloads and the age of connections keep real time.
	 * @param clock the clock
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder clock(Clock clock) {
		Assert.notNull(clock, "'clock' must not be null");
		this.clock = clock;
		return this;
	}

	SimulatedSpireServerBuilder tlsStack(TlsStack tlsStack) {
		this.tlsStack = tlsStack;
		return this;
	}

	/**
	 * Start the server.
	 * @return the simulator, to be closed after use
	 */
	public SimulatedSpireServer build() {
		for (Workload workload : this.workloads) {
			this.clusters.computeIfAbsent(workload.cluster(), (name) -> SimulatedCluster.named(name).usePodIds());
		}
		SimulatedSpireServer server = new SimulatedSpireServer(this);
		try {
			this.workloads.forEach((workload) -> server.register(workload.kubelet(), workload.cluster()));
			server.start();
			return server;
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	private static Duration checked(Duration duration) {
		Assert.notNull(duration, "'duration' must not be null");
		Assert.isTrue(!duration.isNegative() && !duration.isZero(), "'duration' must be positive");
		return duration;
	}

	private record Workload(SimulatedKubelet kubelet, String cluster) {

	}

}
