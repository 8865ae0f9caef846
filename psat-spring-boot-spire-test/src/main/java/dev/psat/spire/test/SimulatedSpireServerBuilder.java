package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Builder for a {@link SimulatedSpireServer}. Not thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#builder()
 */
public final class SimulatedSpireServerBuilder {

	static final String CLUSTER = "simulated";

	final Map<String, SimulatedCluster> clusters = new LinkedHashMap<>();

	private final List<Workload> workloads = new ArrayList<>();

	private final List<SimulatedSpireServer> partners = new ArrayList<>();

	String trustDomain = "example.org";

	SpireRelease release = SpireRelease.V1_15_3;

	SvidLifetimes lifetimes = new SvidLifetimes(Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(5));

	Duration caTtl = Duration.ofHours(24);

	Duration entryCacheReload = Duration.ofSeconds(5);

	boolean eventsBasedCache;

	Duration connectionAge = Duration.ofMinutes(3);

	List<String> hosts = List.of("127.0.0.1");

	boolean attestationLimit = true;

	private boolean upstreamAuthority;

	private @Nullable SimulatedAuthority below;

	boolean jwtSvids = true;

	@Nullable String jwtKeyId;

	boolean requirePqKem;

	TlsStack tlsStack = TlsStack.best();

	Clock clock = Clock.systemUTC();

	SimulatedSpireServerBuilder() {
	}

	/**
	 * Set the name of the trust domain. The default is {@code example.org}.
	 * @param trustDomain the name, without a scheme
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder trustDomain(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
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
	 * Register the pod of a simulated kubelet with everything that it needs for an SVID.
	 * A cluster that has not been added is created, and identifies agents by their pods.
	 * @param kubelet the kubelet
	 * @param cluster the name of the cluster
	 * @return this builder
	 * @see SimulatedSpireServer#register(SimulatedKubelet, String)
	 */
	public SimulatedSpireServerBuilder workload(SimulatedKubelet kubelet, String cluster) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		Assert.notNull(cluster, "'cluster' must not be null");
		this.workloads.add(new Workload(kubelet, cluster));
		return this;
	}

	/**
	 * Federate with another server, and so do the workloads.
	 * @param partner the other server
	 * @return this builder
	 * @see SimulatedSpireServer#federateWith(SimulatedSpireServer)
	 */
	public SimulatedSpireServerBuilder federateWith(SimulatedSpireServer partner) {
		Assert.notNull(partner, "'partner' must not be null");
		this.partners.add(partner);
		return this;
	}

	/**
	 * Set the TTL of agent SVIDs. The default is one hour.
	 * @param ttl the TTL, which must be positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder agentTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(checked(ttl, "ttl"), this.lifetimes.x509Svid(), this.lifetimes.jwtSvid());
		return this;
	}

	/**
	 * Set the TTL of X509-SVIDs, including that of the server. The default is one hour.
	 * @param ttl the TTL, which must be positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder x509SvidTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(this.lifetimes.agentSvid(), checked(ttl, "ttl"), this.lifetimes.jwtSvid());
		return this;
	}

	/**
	 * Set the TTL of JWT-SVIDs. The default is five minutes.
	 * @param ttl the TTL, which must be positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder jwtSvidTtl(Duration ttl) {
		this.lifetimes = new SvidLifetimes(this.lifetimes.agentSvid(), this.lifetimes.x509Svid(), checked(ttl, "ttl"));
		return this;
	}

	/**
	 * Set the TTL of authorities. The default is 24 hours. Nothing that they sign
	 * outlives them.
	 * @param ttl the TTL, which must be positive
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder caTtl(Duration ttl) {
		this.caTtl = checked(ttl, "ttl");
		return this;
	}

	/**
	 * Use an upstream authority, so that chains have an intermediate certificate.
	 * Modelled on source, not on a run.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder upstreamAuthority() {
		this.upstreamAuthority = true;
		return this;
	}

	/**
	 * Use the upstream authority of another server, so that one root vouches for two
	 * trust domains. Nobody should do so: only the URI in an intermediate certificate
	 * then tells them apart.
	 * @param other the other server, which has an upstream authority
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder upstreamAuthorityOf(SimulatedSpireServer other) {
		Assert.notNull(other, "'other' must not be null");
		Assert.isTrue(other.authority().upstream() != null, "'other' must have an upstream authority");
		this.below = other.authority();
		return this;
	}

	@Nullable X509Authority upstream() {
		if (this.below != null) {
			return this.below.upstream();
		}
		return this.upstreamAuthority ? X509Authority.selfSigned("", this.clock.instant(), this.caTtl.multipliedBy(10))
				: null;
	}

	/**
	 * Set the key ID of the JWT authority, for example to that of another trust domain's.
	 * By default, it is random.
	 * @param keyId the key ID
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder jwtKeyId(String keyId) {
		Assert.notNull(keyId, "'keyId' must not be null");
		this.jwtKeyId = keyId;
		return this;
	}

	/**
	 * Disable JWT-SVIDs and the JWT authority, like {@code disable_jwt_svids} in the
	 * configuration of a real server. Modelled on source, not on a run.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder disableJwtSvids() {
		this.jwtSvids = false;
		return this;
	}

	/**
	 * Refuse every client that offers no post-quantum key exchange, as
	 * {@code require_pq_kem} in the configuration of a real server is meant to: release
	 * 1.15.3 does not apply it to its API. A JDK offers one from release 27 on. Modelled
	 * on source, and on what Go's TLS answers.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder requirePqKem() {
		this.requirePqKem = true;
		return this;
	}

	/**
	 * Set how often the cache of entries is reloaded. The default is every five seconds,
	 * as on a real server.
	 * @param interval the interval; zero for no cache, so that every change is visible
	 * immediately
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder entryCacheReload(Duration interval) {
		Assert.notNull(interval, "'interval' must not be null");
		Assert.isTrue(!interval.isNegative(), "'interval' must not be negative");
		this.entryCacheReload = interval;
		return this;
	}

	/**
	 * Keep the cache of entries by events, like {@code events_based_cache} in the
	 * configuration of a real server. The deletion of a federated bundle is no event:
	 * entries still federate with it, and deleted ones stay, until they change for
	 * another reason.
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder eventsBasedCache() {
		this.eventsBasedCache = true;
		return this;
	}

	/**
	 * Set whether attestations are limited to one per second and address. The default is
	 * {@code true}.
	 * @param limit whether to limit attestations
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder limitAttestations(boolean limit) {
		this.attestationLimit = limit;
		return this;
	}

	/**
	 * Set the age at which a connection is ended with {@code GOAWAY}. The default is
	 * three minutes, plus or minus a tenth.
	 * @param age the age, which must be positive; less than a second counts as one
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder connectionAge(Duration age) {
		this.connectionAge = checked(age, "age");
		return this;
	}

	/**
	 * Set the addresses to listen on. The default is {@code 127.0.0.1}. Several addresses
	 * share one port and simulate a replicated server behind one name, whose replicas
	 * share everything.
	 * @param hosts the addresses as literals, IPv6 without brackets
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder listenOn(String... hosts) {
		Assert.notEmpty(hosts, "'hosts' must not be empty");
		this.hosts = List.of(hosts);
		return this;
	}

	/**
	 * Set the release whose behavior and wording the server has. The default is 1.15.3.
	 * @param release the release
	 * @return this builder
	 */
	public SimulatedSpireServerBuilder behaveAs(SpireRelease release) {
		Assert.notNull(release, "'release' must not be null");
		this.release = release;
		return this;
	}

	/**
	 * Set the clock of the server and of its cluster's API server. The default is the
	 * system clock. Queues, reloads and the age of connections use real time.
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
	 * Build and start the server.
	 * @return a new server, to be closed after use
	 */
	public SimulatedSpireServer build() {
		for (Workload workload : this.workloads) {
			this.clusters.computeIfAbsent(workload.cluster(), (name) -> SimulatedCluster.named(name).usePodIds());
		}
		SimulatedSpireServer server = new SimulatedSpireServer(this);
		try {
			this.workloads.forEach((workload) -> server.register(workload.kubelet(), workload.cluster()));
			this.partners.forEach(server::federateWith);
			server.start();
			return server;
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	private static Duration checked(Duration duration, String name) {
		Assert.notNull(duration, () -> "'%s' must not be null".formatted(name));
		Assert.isTrue(!duration.isNegative() && !duration.isZero(), () -> "'%s' must be positive".formatted(name));
		return duration;
	}

	private record Workload(SimulatedKubelet kubelet, String cluster) {

	}

}
