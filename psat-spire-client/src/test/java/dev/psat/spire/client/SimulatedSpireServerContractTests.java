package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterAll;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulated server keeps the contract.
 */
class SimulatedSpireServerContractTests extends SpireServerContract {

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, "demo")
		.limitAttestations(false)
		.entryCacheReload(Duration.ofMillis(500))
		.build();

	@Override
	ServerAddress address() {
		return ServerAddress.parse(this.server.address());
	}

	@Override
	TrustDomain trustDomain() {
		return TrustDomain.of(this.server.trustDomain());
	}

	@Override
	byte[] trustBundle() {
		return this.server.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	String cluster() {
		return "demo";
	}

	@Override
	String token() {
		return this.kubelet.token();
	}

	@Override
	String expectedId() {
		return "spiffe://example.org/ns/shop/sa/orders";
	}

	@Override
	void checkAgent(X509Svid agent) {
		assertThat(this.server.agents().ids()).containsExactly(agent.spiffeId().toString());
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
