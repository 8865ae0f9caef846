package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.test.SimulatedKubelet;

import org.springframework.util.FileSystemUtils;

/**
 * A simulated SPIRE Server, and a simulated kubelet for each pod. All X.509-SVIDs are for
 * the host name {@code localhost} too, so that clients can check one as well as the
 * other.
 */
final class World implements AutoCloseable {

	/** The service account of the client. */
	static final String CLIENT = "checkout";

	private static final String CLUSTER = "demo";

	private static final String IDS = "spiffe://example.org/ns/shop/";

	private final Map<String, Pod> pods = new ConcurrentHashMap<>();

	private final Path directory;

	private final SimulatedSpireServer server;

	private World(Path directory) throws IOException {
		this.directory = directory;
		this.server = SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named(CLUSTER).usePodIds())
			.limitAttestations(false)
			.entryCacheReload(Duration.ZERO)
			.build();
		this.server.trustBundle().writeTo(trustBundle());
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
	}

	static World create() throws IOException {
		return new World(Files.createTempDirectory("psat-tls-"));
	}

	Path directory() {
		return this.directory;
	}

	Path trustBundle() {
		return this.directory.resolve("trust-bundle.pem");
	}

	static String id(String serviceAccount) {
		return IDS + "sa/" + serviceAccount;
	}

	/**
	 * Return the properties of an application in a pod. It may call all others and be
	 * called by the client.
	 * @param serviceAccount its service account, of which there is one pod
	 * @return the properties
	 */
	List<String> properties(String serviceAccount) {
		return Stream
			.concat(identity(serviceAccount).stream(), Stream.of("spire.psat.bundle.authorized-clients=" + id(CLIENT),
					"spire.psat.bundle.authorized-servers=" + IDS + "*"))
			.toList();
	}

	/**
	 * Return those properties of an application in a pod that authorize nobody.
	 * @param serviceAccount its service account
	 * @return the properties
	 */
	List<String> identity(String serviceAccount) {
		Pod pod = this.pods.computeIfAbsent(serviceAccount, this::schedule);
		return List.of("spire.psat.cluster=" + CLUSTER, "spire.psat.token-path=" + pod.kubelet().tokenPath(),
				"spire.psat.server.address=" + this.server.address(),
				"spire.psat.server.trust-domain=" + this.server.trustDomain(),
				"spire.psat.server.trust-bundle=" + trustBundle());
	}

	private Pod schedule(String serviceAccount) {
		SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(this.directory.resolve(serviceAccount))
			.serviceAccount("shop", serviceAccount)
			.lifetime(Duration.ofHours(2))
			.build();
		String entry = this.server.register(kubelet, CLUSTER);
		this.server.entries().change(entry, (spec) -> spec.dnsNames("localhost"));
		return new Pod(kubelet, entry);
	}

	/**
	 * Let the next visit of an application find that it needs another X.509-SVID.
	 * @param serviceAccount its service account
	 */
	void replaceSvid(String serviceAccount) {
		Pod pod = this.pods.get(serviceAccount);
		if (pod != null) {
			this.server.entries().change(pod.entry(), (entry) -> {
			});
		}
	}

	SimulatedX509Svid mint() {
		return this.server.mintX509Svid(id(CLIENT));
	}

	@Override
	public synchronized void close() {
		this.server.close();
		this.pods.values().forEach((pod) -> pod.kubelet().close());
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			System.err.println("Not deleted: " + this.directory);
		}
	}

	/**
	 * What kubelet and SPIRE Server know of a pod.
	 */
	private record Pod(SimulatedKubelet kubelet, String entry) {

	}

}
