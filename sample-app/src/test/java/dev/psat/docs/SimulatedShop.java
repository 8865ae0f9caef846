package dev.psat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

/**
 * The shop of the documentation: a SPIRE Server, and pods that it has entries for.
 */
public final class SimulatedShop implements AutoCloseable {

	private static final String CLUSTER = "demo-cluster";

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.cluster(SimulatedCluster.named(CLUSTER).usePodIds())
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.build();

	private final List<SimulatedKubelet> pods = new ArrayList<>();

	private final Path trustBundle;

	public SimulatedShop() {
		try {
			this.trustBundle = Files.createTempFile("simulated-shop-", ".pem");
			this.server.trustBundle().writeTo(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a pod.
	 * @param serviceAccount its service account in the namespace of the shop
	 * @return the properties that tell its application of token and server
	 */
	public List<String> pod(String serviceAccount) {
		SimulatedKubelet pod = SimulatedKubelet.builder().serviceAccount("shop", serviceAccount).build();
		this.pods.add(pod);
		this.server.register(pod, CLUSTER);
		return List.of("spire.psat.cluster=" + CLUSTER, "spire.psat.token-path=" + pod.tokenPath(),
				"spire.server.address=" + this.server.address(),
				"spire.server.trust-domain=" + this.server.trustDomain(),
				"spire.server.trust-bundle=" + this.trustBundle);
	}

	/**
	 * Let the pods that there are federate with another trust domain.
	 * @param partner the server of that trust domain
	 */
	public void federate(SimulatedSpireServer partner) {
		this.server.federation().set(partner);
		this.pods.forEach((pod) -> this.server.entries()
			.change(this.server.register(pod, CLUSTER), (entry) -> entry.federatesWith(partner.trustDomain())));
	}

	@Override
	public void close() {
		this.server.close();
		this.pods.forEach(SimulatedKubelet::close);
		try {
			Files.delete(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
