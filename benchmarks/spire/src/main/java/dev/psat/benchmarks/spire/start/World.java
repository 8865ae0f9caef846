package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.test.SimulatedKubelet;

/**
 * Kubelet and SPIRE Server, both in this process, and what programs have to know of them.
 * Attestations are not limited, since one program follows the other within a second.
 */
final class World implements AutoCloseable {

	/** As many attestations as it takes to have the server compiled. */
	static final int WARM_UP = 300;

	private static final String CLUSTER = "demo-cluster";

	private static final Duration LIFETIME = Duration.ofHours(2);

	private final Path directory;

	private final List<SimulatedKubelet> kubelets = new ArrayList<>();

	private final SimulatedSpireServer server;

	private final Path trustBundle;

	private World(Path directory, SimulatedKubelet kubelet, SimulatedSpireServer server, Path trustBundle) {
		this.directory = directory;
		this.kubelets.add(kubelet);
		this.server = server;
		this.trustBundle = trustBundle;
	}

	/**
	 * Start the server, with one pod.
	 * @param parent where to put files
	 * @param reload how often the server reloads its cache of entries, zero for no cache
	 * @return the world
	 * @throws IOException if a file cannot be written
	 */
	static World create(Path parent, Duration reload) throws IOException {
		Path directory = Files.createTempDirectory(parent, "world-");
		SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(directory.resolve("tokens"))
			.lifetime(LIFETIME)
			.build();
		SimulatedSpireServer server = SimulatedSpireServer.builder()
			.limitAttestations(false)
			.entryCacheReload(reload)
			.workload(kubelet, CLUSTER)
			.build();
		Path trustBundle = directory.resolve("trust-bundle.pem");
		server.trustBundle().writeTo(trustBundle);
		return new World(directory, kubelet, server, trustBundle);
	}

	/**
	 * Obtain SVIDs in this process, so that neither the interpreter nor the JIT compiler
	 * of the server count when programs are measured.
	 * @throws IOException if token or trust bundle cannot be read
	 */
	void warmUp() throws IOException {
		TrustDomain domain = TrustDomain.of(this.server.trustDomain());
		TrustBundle bundle = TrustBundle.parse(domain, Files.readAllBytes(this.trustBundle));
		String payload = "{\"cluster\":\"%s\",\"token\":\"%s\"}".formatted(CLUSTER, Files.readString(token()));
		for (int attestation = 0; attestation < WARM_UP; attestation++) {
			try (SpireClient client = SpireClient
				.builder(ServerAddress.parse(this.server.address()), domain, () -> bundle)
				.build()) {
				client.trustBundle();
				KeyPair agentKey = KeyType.EC_P256.generate();
				X509Svid agent = client.attest("k8s_psat", payload.getBytes(StandardCharsets.UTF_8), agentKey);
				AgentConnection connection = client.connect(agent, agentKey);
				connection.newX509Svid(connection.authorizedEntries().get(0), KeyType.EC_P256.generate());
			}
		}
	}

	/**
	 * Start another pod of the same service account, which no agent was for yet.
	 * @return where its token is
	 */
	Path newPod() {
		SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(this.directory.resolve("tokens-" + this.kubelets.size()))
			.pod("pod-" + this.kubelets.size())
			.lifetime(LIFETIME)
			.build();
		this.kubelets.add(kubelet);
		this.server.register(kubelet, CLUSTER);
		return kubelet.tokenPath();
	}

	Path token() {
		return this.kubelets.get(0).tokenPath();
	}

	/**
	 * Return the properties of an application that serves its SVID.
	 * @param token where its token is
	 * @return the properties as arguments
	 */
	List<String> spireProperties(Path token) {
		return spireProperties(token, this.server.address(), this.trustBundle);
	}

	/**
	 * Return the same for a training run, which needs neither token nor server.
	 */
	List<String> trainingProperties() {
		Path missing = this.directory.resolve("missing");
		return spireProperties(missing, "127.0.0.1:1", missing);
	}

	private List<String> spireProperties(Path token, String address, Path trustBundle) {
		return List.of("--spire.psat.cluster=" + CLUSTER, "--spire.psat.token-path=" + token,
				"--spire.psat.server.address=" + address,
				"--spire.psat.server.trust-domain=" + this.server.trustDomain(),
				"--spire.psat.server.trust-bundle=" + trustBundle, "--spire.psat.bundle.authorize-any-client=true",
				"--server.ssl.bundle=spire");
	}

	/**
	 * Return the properties of an application that serves an SVID of the same server from
	 * files.
	 * @return the properties as arguments
	 * @throws IOException if a file cannot be written
	 * @throws GeneralSecurityException if a certificate has no encoding
	 */
	List<String> pemProperties() throws IOException, GeneralSecurityException {
		SimulatedX509Svid svid = this.server.mintX509Svid("spiffe://%s/pem".formatted(this.server.trustDomain()));
		StringBuilder chain = new StringBuilder();
		for (X509Certificate certificate : svid.chain()) {
			chain.append(pem("CERTIFICATE", certificate.getEncoded()));
		}
		Path certificate = Files.writeString(this.directory.resolve("svid.pem"), chain);
		Path key = Files.writeString(this.directory.resolve("key.pem"),
				pem("PRIVATE KEY", svid.privateKey().getEncoded()));
		String bundle = "--spring.ssl.bundle.pem.files.";
		return List.of(bundle + "keystore.certificate=" + certificate, bundle + "keystore.private-key=" + key,
				bundle + "truststore.certificate=" + this.trustBundle, "--server.ssl.bundle=files",
				"--server.ssl.client-auth=need");
	}

	/**
	 * Return what a bare client has to know.
	 * @return its arguments
	 */
	List<String> clientArguments() {
		return Stream.of(this.server.address(), this.server.trustDomain(), this.trustBundle, CLUSTER, token())
			.map(Object::toString)
			.toList();
	}

	private static String pem(String type, byte[] der) {
		return "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(type,
				Base64.getMimeEncoder().encodeToString(der));
	}

	@Override
	public void close() {
		this.server.close();
		this.kubelets.forEach(SimulatedKubelet::close);
	}

}
