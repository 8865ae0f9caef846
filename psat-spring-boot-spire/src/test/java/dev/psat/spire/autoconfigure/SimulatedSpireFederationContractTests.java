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
 * Two simulated servers keep the contract.
 */
class SimulatedSpireFederationContractTests extends SpireFederationContract {

	@TempDir
	private static Path directory;

	private final SimulatedSide ours = SimulatedSide.of("example.org", "orders");

	private final SimulatedSide partner = SimulatedSide.of("partner.org", "billing");

	SimulatedSpireFederationContractTests() {
		this.ours.federateWith(this.partner);
		this.partner.federateWith(this.ours);
	}

	private SimulatedSide get(Side side) {
		return switch (side) {
			case OURS -> this.ours;
			case PARTNER -> this.partner;
		};
	}

	@Override
	Map<String, Object> properties(Side side) throws IOException {
		SimulatedSpireServer server = get(side).server();
		Path bundle = Files.writeString(directory.resolve(server.trustDomain()), server.trustBundle().toJwks());
		return Map.of("spire.psat.cluster", "demo", "spire.psat.token-path", get(side).kubelet().tokenPath().toString(),
				"spire.server.address", server.address(), "spire.server.trust-domain", server.trustDomain(),
				"spire.server.trust-bundle", bundle.toString());
	}

	@Override
	String spiffeId(Side side) {
		return get(side).spiffeId();
	}

	@Override
	Duration pause() {
		return Duration.ZERO;
	}

	@AfterAll
	void stop() {
		this.ours.close();
		this.partner.close();
	}

	private record SimulatedSide(SimulatedKubelet kubelet, SimulatedSpireServer server, String spiffeId) {

		static SimulatedSide of(String trustDomain, String serviceAccount) {
			SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", serviceAccount).build();
			SimulatedSpireServer server = SimulatedSpireServer.builder()
				.trustDomain(trustDomain)
				.workload(kubelet, "demo")
				.limitAttestations(false)
				.build();
			return new SimulatedSide(kubelet, server,
					"spiffe://%s/ns/shop/sa/%s".formatted(trustDomain, serviceAccount));
		}

		void federateWith(SimulatedSide other) {
			this.server.federation().follow(other.server);
			this.server.entries()
				.change(this.server.register(this.kubelet, "demo"),
						(entry) -> entry.federatesWith(other.server.trustDomain()));
		}

		void close() {
			this.server.close();
			this.kubelet.close();
		}

	}

}
