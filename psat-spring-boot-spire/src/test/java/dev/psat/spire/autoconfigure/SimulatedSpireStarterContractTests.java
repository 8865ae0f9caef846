package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The starter keeps its contract on a simulated server.
 */
class SimulatedSpireStarterContractTests extends SpireStarterContract {

	@TempDir
	private static Path directory;

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, "demo")
		.limitAttestations(false)
		.entryCacheReload(Duration.ofMillis(500))
		.build();

	@Override
	Map<String, Object> properties() throws IOException {
		Path bundle = Files.writeString(directory.resolve("bundle.jwks"), this.server.trustBundle().toJwks());
		return Map.of("spire.psat.cluster", "demo", "spire.psat.token-path", this.kubelet.tokenPath().toString(),
				"spire.server.address", this.server.address(), "spire.server.trust-domain", this.server.trustDomain(),
				"spire.server.trust-bundle", bundle.toString());
	}

	@Override
	String expectedId() {
		return "spiffe://example.org/ns/shop/sa/orders";
	}

	@Override
	Duration pause() {
		return Duration.ZERO;
	}

	@AfterAll
	void stop() {
		this.server.close();
		this.kubelet.close();
	}

}
