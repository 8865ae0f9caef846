package dev.psat.tlstests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireProperties;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.workload.WorkloadIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.token.TokenSource;
import org.springframework.context.ApplicationContext;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.test.EntrySpec;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.support.ClassicAuthority;
import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything around the application: kubelet, SPIRE Server, perhaps an agent, and peers,
 * some of which nobody should trust.
 */
public final class TlsWorld implements AutoCloseable {

	/** The application. */
	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	public static final String LISTED = "spiffe://example.org/ns/shop/sa/checkout";

	public static final String BELOW_PATH = "spiffe://example.org/ns/pay/sa/ledger";

	public static final String STRANGER = "spiffe://example.org/ns/shop/sa/mailer";

	private static final String CLUSTER = "demo";

	private static final Duration REFRESH_INTERVAL = Duration.ofMillis(100);

	/** Its token outlives the longest torture. */
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.serviceAccount("shop", "orders")
		.lifetime(Duration.ofHours(2))
		.build();

	private final SimulatedSpireServer server;

	private final ClassicAuthority web = new ClassicAuthority();

	private final @Nullable SimulatedWorkloadApi workloadApi;

	private final String entry;

	private final Path directory;

	private final Path trustBundle;

	private final Path webRoot;

	private final Queue<TlsApplication> applications = new ConcurrentLinkedQueue<>();

	private @Nullable SimulatedSpireServer foreign;

	public TlsWorld() {
		this(Door.SPIRE_SERVER);
	}

	/**
	 * Create a world.
	 * @param door where the identity of the application comes from
	 */
	public TlsWorld(Door door) {
		this(door, UnaryOperator.identity());
	}

	/**
	 * Create a world whose SPIRE Server is special.
	 * @param special customizes the server
	 */
	public TlsWorld(UnaryOperator<SimulatedSpireServerBuilder> special) {
		this(Door.SPIRE_SERVER, special);
	}

	private TlsWorld(Door door, UnaryOperator<SimulatedSpireServerBuilder> special) {
		this.server = special
			.apply(SimulatedSpireServer.builder()
				.workload(this.kubelet, CLUSTER)
				.limitAttestations(false)
				.entryCacheReload(Duration.ZERO))
			.build();
		if (door == Door.WORKLOAD_API) {
			this.workloadApi = SimulatedWorkloadApi.builder().server(this.server).build();
			this.entry = this.workloadApi.addEntry(ORDERS);
		}
		else {
			this.workloadApi = null;
			this.entry = this.server.register(this.kubelet, CLUSTER);
		}
		try {
			this.directory = Files.createTempDirectory("tls-world-");
			this.trustBundle = this.directory.resolve("trust-bundle.pem");
			this.server.trustBundle().writeTo(this.trustBundle);
			this.webRoot = Files.writeString(this.directory.resolve("web.pem"), this.web.pem());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public SimulatedSpireServer server() {
		return this.server;
	}

	public ClassicAuthority web() {
		return this.web;
	}

	/**
	 * Return the certificate to trust of {@link #web()}.
	 * @return a file
	 */
	public Path webRoot() {
		return this.webRoot;
	}

	/**
	 * Return a directory for files, which is deleted when this world ends.
	 * @return the directory
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Mint the credential of a peer, signed by the current authority.
	 * @param peer the peer
	 * @return the credential
	 */
	public Credential credential(Peer peer) {
		return switch (peer) {
			case LISTED -> mint(LISTED);
			case BELOW_PATH -> mint(BELOW_PATH);
			case STRANGER -> mint(STRANGER);
			case AGENT -> mint("spiffe://example.org/spire/agent/k8s_psat/demo/pod/1");
			case SPIRE_SERVER -> mint("spiffe://example.org/spire/server");
			case FOREIGN -> Credential.of(foreign().mintX509Svid(LISTED));
			case EXPIRED -> Credential
				.of(this.server.mintX509Svid(LISTED, Instant.now().minus(Duration.ofHours(2)), Duration.ofHours(1)));
			case WEB -> Credential.of(this.web, "localhost");
			case NOBODY -> Credential.none(mint(STRANGER).privateKey());
		};
	}

	/**
	 * Mint a credential that soon expires, or has lately.
	 * @param spiffeId the SPIFFE ID
	 * @param lifetime how long it lasts from now on, which may be negative
	 * @return the credential, which never lasts shorter than that
	 */
	Credential expiring(String spiffeId, Duration lifetime) {
		Duration past = Duration.ofHours(1);
		return Credential
			.of(this.server.mintX509Svid(spiffeId, Instant.now().minus(past), past.plus(lifetime).plusSeconds(1)));
	}

	/**
	 * Return the properties of a bundle {@code classic}, which trusts the authority of
	 * {@link Peer#FOREIGN}: one that nobody keeps from issuing certificates with SPIFFE
	 * IDs.
	 * @return the properties
	 */
	public Stream<String> classicBundle() {
		Path trusted = this.directory.resolve("classic.pem");
		try {
			foreign().trustBundle().writeTo(trusted);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Path own = credential(Peer.FOREIGN).writeTo(this.directory);
		return Stream
			.of("truststore.certificate=" + trusted, "keystore.certificate=" + own, "keystore.private-key=" + own)
			.map((property) -> "spring.ssl.bundle.pem.classic." + property);
	}

	/**
	 * Return properties together with those of an identity bundle {@code spire-web},
	 * which trusts the authority of {@link #web()} by a bundle {@code web}.
	 * @param more the other properties
	 * @return the properties
	 */
	public String[] withIdentityBundle(String... more) {
		return Stream
			.concat(Stream.of("spire.identity-bundles.spire-web.trust=web",
					"spring.ssl.bundle.pem.web.truststore.certificate=" + this.webRoot), Stream.of(more))
			.toArray(String[]::new);
	}

	/**
	 * Return a server for the same trust domain with a different authority.
	 */
	private synchronized SimulatedSpireServer foreign() {
		if (this.foreign == null) {
			this.foreign = SimulatedSpireServer.builder().build();
		}
		return this.foreign;
	}

	Credential mint(String spiffeId) {
		return Credential.of(this.server.mintX509Svid(spiffeId));
	}

	/**
	 * Let peers call one after the other.
	 * @param caller the client that calls for all of them
	 * @param knock the target and the request
	 * @param version the only TLS version to use
	 * @param peers the peers, all of them if empty
	 * @return the peers that were accepted
	 */
	public List<Peer> letIn(Caller caller, Knock knock, TlsVersion version, Peer... peers) {
		return Stream.of((peers.length != 0) ? peers : Peer.values())
			.filter((peer) -> caller.call(knock, version, credential(peer)).answered())
			.toList();
	}

	/**
	 * Assert that a server lets in listed clients alone by TLS 1.3, and nobody otherwise.
	 * @param knock the target and the request
	 */
	public void assertThatTls13AloneIsSpoken(Knock knock) {
		for (Caller caller : List.of(new JavaCaller(), new OpenSslCaller(this.directory))) {
			assertThat(letIn(caller, knock, TlsVersion.TLS_1_2, Peer.LISTED, Peer.NOBODY)).isEmpty();
			assertThat(letIn(caller, knock, TlsVersion.TLS_1_3, Peer.LISTED, Peer.NOBODY)).containsExactly(Peer.LISTED);
		}
	}

	/**
	 * Return the properties that refer an application to this world, and authorize its
	 * peers.
	 * @param more further properties, which take the place of those of the same name
	 * @return the properties
	 */
	public String[] properties(String... more) {
		Stream<String> lists = Stream.of("clients", "servers")
			.map((peers) -> "spire.bundle.authorized-%s=%s,spiffe://example.org/ns/pay/*".formatted(peers, LISTED));
		Set<String> replaced = Stream.of(more).map(TlsWorld::name).collect(Collectors.toSet());
		return Stream
			.concat(Stream.concat(door(), lists).filter((property) -> !replaced.contains(name(property))),
					Stream.of(more))
			.toArray(String[]::new);
	}

	private Stream<String> door() {
		if (this.workloadApi != null) {
			return Stream.of("spire.workload-api.socket=" + this.workloadApi.address());
		}
		return Stream.of("spire.psat.cluster=" + CLUSTER, "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.server.address=" + this.server.address(),
				"spire.server.trust-domain=" + this.server.trustDomain(),
				"spire.server.trust-bundle=" + this.trustBundle);
	}

	private static String name(String property) {
		return property.split("[=\\[]", 2)[0];
	}

	/**
	 * Return the Workload API.
	 * @return the Workload API, {@code null} if the identity comes from the SPIRE Server
	 */
	public @Nullable SimulatedWorkloadApi workloadApi() {
		return this.workloadApi;
	}

	/**
	 * Create the identity that the properties describe, which visits the SPIRE Server
	 * much more often than they allow.
	 * @param context the application
	 * @return the identity
	 */
	SpireIdentity identity(ApplicationContext context) {
		List<TrustDomain> federatesWith = context.getBean(SpireProperties.class)
			.getFederatesWith()
			.stream()
			.map(TrustDomain::of)
			.toList();
		if (this.workloadApi != null) {
			return WorkloadIdentity.builder()
				.endpoint(WorkloadEndpoint.parse(this.workloadApi.address()))
				.federatesWith(federatesWith)
				.build();
		}
		return SpireServerIdentity.builder(context.getBean(PsatAttestor.class))
			.server(ServerAddress.parse(this.server.address()))
			.trustDomain(TrustDomain.of(this.server.trustDomain()))
			.trustBundle(this.trustBundle)
			.tokenSource(context.getBean(TokenSource.class))
			.refreshInterval(REFRESH_INTERVAL)
			.federatesWith(federatesWith)
			.build();
	}

	/**
	 * Change the entry, so that the next visit of an application notices.
	 */
	void changeEntry() {
		changeEntry((entry) -> {
		});
	}

	/**
	 * Change the entry of the application.
	 * @param change what to change
	 */
	public void changeEntry(Consumer<EntrySpec> change) {
		if (this.workloadApi != null) {
			this.workloadApi.changeEntry(this.entry, change);
		}
		else {
			this.server.entries().change(this.entry, change);
		}
	}

	/**
	 * End an application together with this world, unless it has already ended.
	 * @param application the application
	 */
	void add(TlsApplication application) {
		this.applications.add(application);
	}

	@Override
	public synchronized void close() {
		this.applications.forEach(TlsApplication::close);
		if (this.workloadApi != null) {
			this.workloadApi.close();
		}
		this.server.close();
		if (this.foreign != null) {
			this.foreign.close();
		}
		this.kubelet.close();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
