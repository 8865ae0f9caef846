package dev.psat.tlstests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import dev.psat.PsatAttestor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireIdentityBuilder;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.TrustDomain;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.WebAuthority;
import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * All that is outside of the application: kubelet, SPIRE Server, and the peers, some of
 * which nobody should trust.
 */
public final class TlsWorld implements AutoCloseable {

	/** The application. */
	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	public static final String LISTED = "spiffe://example.org/ns/shop/sa/checkout";

	public static final String BELOW_PATH = "spiffe://example.org/ns/pay/sa/ledger";

	public static final String STRANGER = "spiffe://example.org/ns/shop/sa/mailer";

	private static final String CLUSTER = "demo";

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, CLUSTER)
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.build();

	private final WebAuthority web = new WebAuthority();

	private final Path directory;

	private final Path trustBundle;

	private final Queue<TlsApplication> applications = new ConcurrentLinkedQueue<>();

	private @Nullable SimulatedSpireServer foreign;

	public TlsWorld() {
		try {
			this.directory = Files.createTempDirectory("tls-world-");
			this.trustBundle = this.directory.resolve("trust-bundle.pem");
			this.server.trustBundle().writeTo(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public SimulatedSpireServer server() {
		return this.server;
	}

	public WebAuthority web() {
		return this.web;
	}

	/**
	 * Return where files can be put until this world ends.
	 * @return the directory
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Mint what a peer shows, signed by whoever signs now.
	 * @param peer the peer
	 * @return what it shows
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
			case WEB -> Credential.of(this.web.issue("localhost"));
			case NOBODY -> Credential.none(mint(STRANGER).privateKey());
		};
	}

	/**
	 * Has an authority of its own, and the same trust domain.
	 */
	private synchronized SimulatedSpireServer foreign() {
		if (this.foreign == null) {
			this.foreign = SimulatedSpireServer.builder().build();
		}
		return this.foreign;
	}

	private Credential mint(String spiffeId) {
		return Credential.of(this.server.mintX509Svid(spiffeId));
	}

	/**
	 * Let one peer after the other call.
	 * @param caller calls for all of them
	 * @param knock where, and what to say
	 * @param version the only version of TLS to speak
	 * @param peers the peers, all of them unless named
	 * @return those that were let in
	 */
	public List<Peer> letIn(Caller caller, Knock knock, TlsVersion version, Peer... peers) {
		return Stream.of((peers.length != 0) ? peers : Peer.values())
			.filter((peer) -> caller.call(knock, version, credential(peer)).answered())
			.toList();
	}

	/**
	 * Return the properties that lead an application here, and whom it is to meet.
	 * @param more further properties
	 * @return the properties
	 */
	public String[] properties(String... more) {
		String[] here = { "spire.psat.cluster=" + CLUSTER, "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.psat.server.address=" + this.server.address(),
				"spire.psat.server.trust-domain=" + this.server.trustDomain(),
				"spire.psat.server.trust-bundle=" + this.trustBundle,
				"spire.psat.bundle.authorized-clients=" + LISTED + ",spiffe://example.org/ns/pay/*",
				"spire.psat.bundle.authorized-servers=" + LISTED + ",spiffe://example.org/ns/pay/*" };
		return Stream.concat(Stream.of(here), Stream.of(more)).toArray(String[]::new);
	}

	/**
	 * Begin to build the identity that these properties lead to.
	 * @param attestor makes the payloads
	 * @return the builder
	 */
	SpireIdentityBuilder identityBuilder(PsatAttestor attestor) {
		return SpireIdentity.builder(attestor)
			.server(ServerAddress.parse(this.server.address()))
			.trustDomain(TrustDomain.of(this.server.trustDomain()))
			.trustBundle(this.trustBundle);
	}

	/**
	 * Let the next visit of an application find that its entry has changed.
	 */
	void changeEntry() {
		this.server.entries().change(this.server.register(this.kubelet, CLUSTER), (entry) -> {
		});
	}

	/**
	 * End an application together with this world, unless it has ended by then.
	 * @param application the application
	 */
	void add(TlsApplication application) {
		this.applications.add(application);
	}

	@Override
	public synchronized void close() {
		this.applications.forEach(TlsApplication::close);
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
