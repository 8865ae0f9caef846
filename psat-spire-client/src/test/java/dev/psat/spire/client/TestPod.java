package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

/**
 * The pod of a simulated kubelet, which calls a simulated server by the client that users
 * have. It starts with the current trust bundle, and adopts a later one on request.
 */
final class TestPod implements AutoCloseable {

	/** How the simulated server names the cluster of a pod unless told otherwise. */
	static final String CLUSTER = "simulated";

	private final SimulatedKubelet kubelet;

	private final AtomicReference<TrustBundle> trustBundle;

	private final SpireClient client;

	TestPod(SimulatedSpireServer server, SimulatedKubelet kubelet) {
		this(server, kubelet, (builder) -> {
		});
	}

	TestPod(SimulatedSpireServer server, SimulatedKubelet kubelet, Consumer<SpireClient.Builder> settings) {
		this.kubelet = kubelet;
		TrustDomain trustDomain = TrustDomain.of(server.trustDomain());
		byte[] bundle = server.trustBundle().toPem().getBytes(StandardCharsets.UTF_8);
		this.trustBundle = new AtomicReference<>(TrustBundle.parse(trustDomain, bundle));
		SpireClient.Builder builder = SpireClient.builder(ServerAddress.parse(server.address()), trustDomain,
				this.trustBundle::get);
		settings.accept(builder);
		this.client = builder.build();
	}

	SpireClient client() {
		return this.client;
	}

	/**
	 * Adopt the server's trust bundle.
	 */
	TrustBundle refresh() {
		TrustBundle bundle = this.client.trustBundle();
		this.trustBundle.set(bundle);
		return bundle;
	}

	Agent attest() {
		return attest(this.kubelet.token());
	}

	Agent attest(String token) {
		return attest(CLUSTER, token);
	}

	Agent attest(String cluster, String token) {
		String payload = "{\"cluster\":\"%s\",\"token\":\"%s\"}".formatted(cluster, token);
		return attestWith(payload.getBytes(StandardCharsets.UTF_8));
	}

	Agent attestWith(byte[] payload) {
		KeyPair key = KeyType.EC_P256.generate();
		return new Agent(this.client.attest("k8s_psat", payload, key), key);
	}

	AgentConnection connect(Agent agent) {
		return this.client.connect(agent.svid(), agent.key());
	}

	static X509Svid obtainX509Svid(AgentConnection connection) {
		AuthorizedEntry entry = connection.authorizedEntries().get(0);
		return connection.newX509Svid(entry, KeyType.EC_P256.generate());
	}

	@Override
	public void close() {
		this.client.close();
	}

	/**
	 * An agent SVID and its key.
	 */
	record Agent(X509Svid svid, KeyPair key) {

		String id() {
			return this.svid.spiffeId().toString();
		}

	}

}
