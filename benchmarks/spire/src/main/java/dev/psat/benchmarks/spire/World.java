package dev.psat.benchmarks.spire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

/**
 * A simulated SPIRE Server that does not limit attestations, and a simulated kubelet for
 * each pod. All X.509-SVIDs are for the host name {@code localhost} too, so that clients
 * can check one as well as the other.
 */
public final class World implements AutoCloseable {

	/** The service account whose X.509-SVID is in a file, and the name of the bundle. */
	public static final String PEM = "pem";

	private static final String CLUSTER = "demo";

	private final Map<String, Pod> pods = new ConcurrentHashMap<>();

	private final Path directory;

	private final SimulatedSpireServer server;

	/**
	 * Start the server.
	 * @param parent where to put files
	 * @param reload how often the server reloads its cache of entries, zero for no cache
	 * @throws IOException if a file cannot be written
	 */
	public World(Path parent, Duration reload) throws IOException {
		this.directory = Files.createTempDirectory(parent, "world-");
		this.server = SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named(CLUSTER).usePodIds())
			.limitAttestations(false)
			.entryCacheReload(reload)
			.build();
		this.server.trustBundle().writeTo(trustBundle());
	}

	public SimulatedSpireServer server() {
		return this.server;
	}

	public Path trustBundle() {
		return this.directory.resolve("trust-bundle.pem");
	}

	public static String id(String serviceAccount) {
		return "spiffe://example.org/ns/shop/sa/" + serviceAccount;
	}

	/**
	 * Return a pod, of which there is one for each service account.
	 * @param serviceAccount its service account
	 * @return the pod, and the server
	 */
	public Target target(String serviceAccount) {
		Pod pod = this.pods.computeIfAbsent(serviceAccount, this::schedule);
		return new Target(ServerAddress.parse(this.server.address()), TrustDomain.of(this.server.trustDomain()),
				trustBundle(), CLUSTER, pod.kubelet().tokenPath());
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
	 * @param serviceAccount its service account, which has a pod
	 */
	public void replaceSvid(String serviceAccount) {
		Pod pod = Objects.requireNonNull(this.pods.get(serviceAccount));
		this.server.entries().change(pod.entry(), (entry) -> {
		});
	}

	/**
	 * Write the X.509-SVID of {@link #PEM} for a bundle of Spring Boot.
	 * @return the properties of the bundle, for a server that demands client certificates
	 */
	public List<String> pemProperties() {
		Path file = this.directory.resolve("svid.pem");
		try (FirstVisit visit = FirstVisit.to(target(PEM))) {
			StringBuilder pem = new StringBuilder();
			for (X509Certificate certificate : visit.svid().chain()) {
				pem.append(pem("CERTIFICATE", certificate.getEncoded()));
			}
			Files.writeString(file, pem.append(pem("PRIVATE KEY", visit.key().getPrivate().getEncoded())));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
		String bundle = "spring.ssl.bundle.pem." + PEM + ".";
		return List.of("server.ssl.bundle=" + PEM, "server.ssl.client-auth=need",
				bundle + "keystore.certificate=" + file.toUri(), bundle + "keystore.private-key=" + file.toUri(),
				bundle + "truststore.certificate=" + trustBundle().toUri());
	}

	private static String pem(String type, byte[] der) {
		return "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(type,
				Base64.getMimeEncoder().encodeToString(der));
	}

	@Override
	public void close() {
		this.server.close();
		this.pods.values().forEach((pod) -> pod.kubelet().close());
	}

	/**
	 * What kubelet and SPIRE Server know of a pod.
	 */
	private record Pod(SimulatedKubelet kubelet, String entry) {

	}

}
