package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.test.SimulatedKubelet;
import io.grpc.ServerServiceDefinition;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

/**
 * A SPIRE Server that attests pods of {@link SimulatedKubelet simulated kubelets},
 * without a cluster. It speaks real gRPC over real TLS on an ephemeral port of the
 * loopback interface, issues real SVIDs, answers like a real server of release 1.15.3
 * down to codes, messages and typed details, and misbehaves on demand.
 *
 * <pre class="code">
 * class AttestationTests {
 *
 * 	&#064;AutoClose
 * 	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
 *
 * 	&#064;AutoClose
 * 	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet).build();
 *
 * }
 * </pre>
 *
 * <p>
 * Its behavior is proved by transcripts of a real server or was seen on one, unless the
 * Javadoc says "modelled on source, not on a run". All methods are thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServerConfiguration
 */
public final class SimulatedSpireServer implements AutoCloseable {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final String trustDomain;

	private final Map<String, SimulatedCluster> clusters;

	private final SimulatedAgents agents;

	private final SimulatedEntries entries;

	private final SimulatedAuthority authority;

	private final @Nullable SimulatedJwtAuthority jwtAuthority;

	private final SvidMint mint;

	private final SimulatedTrustBundle trustBundle;

	private final SimulatedFederation federation;

	private final ServerJournal journal = new ServerJournal();

	private final Connections connections = new Connections(this.journal::connected, this.journal::disconnected,
			this::addGates);

	private final SimulatedFaults faults = new SimulatedFaults(this.connections);

	private final AttestationLimiter limiter;

	private final SvidLifetimes lifetimes;

	private final Clock clock;

	private final boolean requirePqKem;

	private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1,
			new DefaultThreadFactory("simulated-spire-server-timer", true));

	private final ExecutorService executor = Executors
		.newCachedThreadPool(new DefaultThreadFactory("simulated-spire-server", true));

	private final Map<String, GrpcEndpoint> endpoints = new LinkedHashMap<>();

	SimulatedSpireServer(SimulatedSpireServerBuilder builder) {
		this.trustDomain = builder.trustDomain;
		this.lifetimes = builder.lifetimes;
		this.clock = builder.clock;
		this.requirePqKem = builder.requirePqKem;
		this.clusters = Map.copyOf(builder.clusters);
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.limiter = new AttestationLimiter(builder.attestationLimit);
		this.agents = new SimulatedAgents(builder.clock);
		Map<String, FederatedBundle> federatedBundles = new ConcurrentHashMap<>();
		this.entries = new SimulatedEntries(SpiffeIds.server(this.trustDomain), builder, this.agents,
				federatedBundles.keySet());
		this.federation = new SimulatedFederation(this.trustDomain, federatedBundles, this.entries);
		AtomicLong sequenceNumber = new AtomicLong(1);
		this.authority = new SimulatedAuthority(this.trustDomain, builder.clock, builder.caTtl,
				builder.lifetimes.x509Svid(), builder.upstream(), sequenceNumber);
		this.jwtAuthority = builder.jwtSvids ? new SimulatedJwtAuthority(builder.clock, builder.caTtl, builder.jwtKeyId,
				sequenceNumber, this.authority::changed) : null;
		this.mint = new SvidMint(this.authority, this.jwtAuthority,
				new SvidMint.Setting(builder.clock, builder.lifetimes));
		this.trustBundle = new SimulatedTrustBundle(this.trustDomain, this.authority, this.jwtAuthority,
				sequenceNumber);
		addEndpoints(builder);
		if (!builder.entryCacheReload.isZero()) {
			long interval = builder.entryCacheReload.toNanos();
			this.scheduler.scheduleAtFixedRate(this.entries::reload, interval, interval, TimeUnit.NANOSECONDS);
		}
	}

	private void addGates(ChannelPipeline pipeline) {
		pipeline.addFirst(new Tls12Gate(() -> this.journal.refusedConnection("No client certificate in TLS 1.2")));
		if (this.requirePqKem) {
			pipeline.addFirst(new PqKemGate(() -> this.journal.refusedConnection("No post-quantum key exchange")));
		}
	}

	private void addEndpoints(SimulatedSpireServerBuilder builder) {
		NodeAttestor attestor = new NodeAttestor(this.trustDomain, builder.release, this.clusters,
				new TokenReview(builder.clock));
		AgentService agentService = new AgentService(this.trustDomain, builder.clock, builder.lifetimes.agentSvid(),
				attestor, this.authority, this.agents, this.journal);
		AttestationQueue queue = new AttestationQueue(this.limiter, this.scheduler, this.executor);
		SvidService svidService = new SvidService(this.trustDomain, builder.clock, builder.lifetimes, this.entries,
				this.authority, this.jwtAuthority);
		List<ServerServiceDefinition> services = List.of(agentService.definition(queue),
				new BundleService(this.trustDomain, this.trustBundle, this.federation, this.faults, this.journal)
					.definition(),
				new EntryService(this.entries).definition(), svidService.definition());
		ClientCertificateVerifier verifier = new ClientCertificateVerifier(builder.tlsStack, this.trustDomain,
				builder.clock, this.authority, this.journal::refusedConnection);
		ServerTls tls = new ServerTls(builder.tlsStack, this.authority.serverCredential(), verifier);
		for (String host : builder.hosts) {
			this.endpoints.put(host,
					new GrpcEndpoint(host, tls, this.connections, builder.connectionAge, this.executor, services,
							new CallInterceptor(this.journal, this.faults, this.connections),
							new AgentAuthorizer(builder.release, builder.clock, this.agents)));
		}
	}

	/**
	 * Create a builder.
	 * @return a builder with sensible defaults for everything but the workloads
	 */
	public static SimulatedSpireServerBuilder builder() {
		return new SimulatedSpireServerBuilder();
	}

	/**
	 * Return the address, such as {@code 127.0.0.1:40123} or {@code [::1]:40123}, the
	 * first if there are several; a restart does not change its port.
	 */
	public String address() {
		String host = this.endpoints.keySet().iterator().next();
		return ((host.indexOf(':') != -1) ? "[" + host + "]" : host) + ":" + port();
	}

	/** Return the port. */
	public int port() {
		return this.endpoints.values().iterator().next().port();
	}

	/** Return the name of the trust domain, such as {@code example.org}. */
	public String trustDomain() {
		return this.trustDomain;
	}

	/**
	 * Return a cluster of the server's configuration.
	 * @param name the name of the cluster
	 * @return the cluster
	 */
	public SimulatedCluster cluster(String name) {
		Assert.notNull(name, "'name' must not be null");
		SimulatedCluster cluster = this.clusters.get(name);
		Assert.isTrue(cluster != null, () -> "There is no cluster " + name);
		return cluster;
	}

	/** Return the attested agents. */
	public SimulatedAgents agents() {
		return this.agents;
	}

	/** Return the registration entries. */
	public SimulatedEntries entries() {
		return this.entries;
	}

	/** Return the X.509 authority. */
	public SimulatedAuthority authority() {
		return this.authority;
	}

	/**
	 * Return the JWT authority.
	 * @return the authority
	 * @throws IllegalStateException if JWT-SVIDs are disabled
	 */
	public SimulatedJwtAuthority jwtAuthority() {
		Assert.state(this.jwtAuthority != null, "JWT functionality is disabled");
		return this.jwtAuthority;
	}

	/** Return the trust bundle. */
	public SimulatedTrustBundle trustBundle() {
		return this.trustBundle;
	}

	/** Return the trust domains with which the server federates, and their bundles. */
	public SimulatedFederation federation() {
		return this.federation;
	}

	/** Return the faults, which make the server misbehave. */
	public SimulatedFaults faults() {
		return this.faults;
	}

	/** Return the journal of what has happened. */
	public ServerJournal journal() {
		return this.journal;
	}

	/**
	 * Register the pod of a simulated kubelet, as {@link SimulatedSpireServerBuilder}
	 * does with its workloads: the cluster trusts its tokens and allows its service
	 * account, an alias selects cluster, namespace and service account, and the only
	 * entry under it is {@code spiffe://<trust domain>/ns/<namespace>/sa/<service
	 * account>} with the service account as its hint. An existing alias or entry is left
	 * as it is.
	 * @param kubelet the kubelet
	 * @param cluster the name of the cluster
	 * @return the id of the entry
	 */
	public String register(SimulatedKubelet kubelet, String cluster) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		Assert.notNull(cluster, "'cluster' must not be null");
		PsatClaims pod = PsatClaims.of(kubelet.token());
		cluster(cluster).trust(kubelet).allow(pod.namespace(), pod.serviceAccount());
		String path = "/ns/" + pod.namespace() + "/sa/" + pod.serviceAccount();
		String alias = SpiffeIds.of(this.trustDomain, "/k8s/" + cluster + path);
		return this.entries.register(alias,
				List.of("k8s_psat:cluster:" + cluster, "k8s_psat:agent_ns:" + pod.namespace(),
						"k8s_psat:agent_sa:" + pod.serviceAccount()),
				SpiffeIds.of(this.trustDomain, path), (entry) -> entry.hint(pod.serviceAccount())
					.selectors("k8s:ns:" + pod.namespace(), "k8s:sa:" + pod.serviceAccount()));
	}

	/**
	 * Federate with another server: follow its bundle endpoint, and let all entries that
	 * there are federate with its trust domain. Its workloads trust those of this server
	 * once it federates with this server, too.
	 * @param partner the other server
	 * @see SimulatedFederation#follow(SimulatedSpireServer)
	 */
	public void federateWith(SimulatedSpireServer partner) {
		this.federation.follow(partner);
		this.entries.federateAll(partner.trustDomain());
	}

	/**
	 * Mint an X509-SVID without an entry or an agent for a peer in a test, like
	 * {@code spire-server x509 mint}. Its TTL is that of entries.
	 * @param spiffeId the SPIFFE ID, in the trust domain of the server; unlike a real
	 * server, this one also mints IDs under {@code /spire/}
	 * @return the X509-SVID, signed by the active authority
	 */
	public SimulatedX509Svid mintX509Svid(String spiffeId) {
		return ownMint(spiffeId).x509Svid(spiffeId);
	}

	/**
	 * Mint an X509-SVID as of a given time.
	 * @param spiffeId the SPIFFE ID, in the trust domain of the server
	 * @param issuedAt when it is issued, which may be long ago so that it has expired
	 * @param ttl the TTL from then on
	 * @return the X509-SVID
	 * @see #mintX509Svid(String)
	 */
	public SimulatedX509Svid mintX509Svid(String spiffeId, Instant issuedAt, Duration ttl) {
		return ownMint(spiffeId).issuedAt(issuedAt).ttl(ttl).x509Svid(spiffeId);
	}

	private SvidMint ownMint(String spiffeId) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.isTrue(SpiffeIds.isOf(this.trustDomain, spiffeId),
				() -> "'spiffeId' must be in the trust domain " + this.trustDomain + " and well-formed: " + spiffeId);
		return this.mint;
	}

	/**
	 * Return the mint, which also signs what a real server would not: SVIDs of other
	 * trust domains, X509-SVIDs with further intermediate certificates, and JWT-SVIDs.
	 * @return the mint
	 */
	public SvidMint mint() {
		return this.mint;
	}

	/**
	 * Return an SSL bundle for a peer in a test: a client or a server with this SPIFFE ID
	 * that lets in everybody for whom this server vouches. It needs no entry and no
	 * agent, and checks no host names and no SPIFFE IDs, since it is the other side that
	 * a test is about.
	 * @param spiffeId the SPIFFE ID, in the trust domain of the server
	 * @return a bundle with a new X509-SVID, which is not renewed
	 * @see SimulatedX509Svid#toSslBundle(SimulatedSpireServer...)
	 */
	public SslBundle bundleOf(String spiffeId) {
		return mintX509Svid(spiffeId).toSslBundle(this);
	}

	/**
	 * Set whether attestations are limited to one per second and address, which is the
	 * default of a real server.
	 * @param limit whether to limit attestations
	 */
	public void limitAttestations(boolean limit) {
		this.limiter.enable(limit);
	}

	/**
	 * Send {@code GOAWAY} to every client, as the server does when a connection reaches
	 * its maximum age. Calls in flight are answered, and connections that are still being
	 * established are left alone.
	 */
	public void goAway() {
		this.connections.goAway();
	}

	/**
	 * Stop the server as if it were killed: nothing listens, and every connection breaks.
	 * Its state is kept, including agents and entries.
	 */
	public void stop() {
		this.endpoints.values().forEach(GrpcEndpoint::stop);
	}

	/**
	 * Stop one replica as if it were killed.
	 * @param host one of the addresses on which the server listens
	 */
	public void stop(String host) {
		Assert.notNull(host, "'host' must not be null");
		GrpcEndpoint endpoint = this.endpoints.get(host);
		Assert.isTrue(endpoint != null, () -> "The server does not listen on " + host);
		endpoint.stop();
	}

	/**
	 * Start the server again after {@link #stop()}, on the same port.
	 */
	public void restart() {
		this.endpoints.values()
			.stream()
			.filter((endpoint) -> !endpoint.isRunning())
			.forEach((endpoint) -> endpoint.start(port()));
	}

	AttestationLimiter limiter() {
		return this.limiter;
	}

	SvidLifetimes lifetimes() {
		return this.lifetimes;
	}

	Clock clock() {
		return this.clock;
	}

	@Nullable SimulatedJwtAuthority optionalJwtAuthority() {
		return this.jwtAuthority;
	}

	boolean isRunning() {
		return this.endpoints.values().stream().anyMatch(GrpcEndpoint::isRunning);
	}

	void start() {
		this.entries.reload();
		restart();
	}

	/**
	 * Close the server permanently. Does nothing if it is already closed.
	 */
	@Override
	public void close() {
		stop();
		this.scheduler.shutdownNow();
		this.executor.shutdown();
		try {
			// Calls that still end need their event loop
			this.executor.awaitTermination(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.endpoints.values().forEach(GrpcEndpoint::close);
	}

}
