package dev.psat.sample;

import java.math.BigInteger;
import java.util.UUID;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.awaitility.Awaitility.await;

/**
 * What the sample shows of a call: whom the other end has seen.
 */
abstract class CallContract {

	@Autowired
	SpireIdentity identity;

	@Autowired
	SimulatedKubelet kubelet;

	@Autowired
	SimulatedSpireServer server;

	@Autowired
	RestTestClient client;

	private final String call;

	/**
	 * Create a contract.
	 * @param call the path of the call within what the sample shows
	 */
	CallContract(String call) {
		this.call = call;
	}

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
	}

	@Test
	void otherEndSeesEachNewSvid() {
		BigInteger before = this.identity.x509Svid().serialNumber();
		awaitCallWith(before);
		SimulatedPod.changeEntry(this.server, this.kubelet);
		this.identity.stop();
		this.identity.start();
		this.identity.jwtSvid(UUID.randomUUID().toString());
		await().until(() -> !this.identity.x509Svid().serialNumber().equals(before));
		awaitCallWith(this.identity.x509Svid().serialNumber());
	}

	final void awaitCallWith(BigInteger serialNumber) {
		await().untilAsserted(() -> this.client.get()
			.uri("/identity")
			.exchange()
			.expectBody()
			.jsonPath(this.call + ".peer.id")
			.isEqualTo(SimulatedPod.SPIFFE_ID)
			.jsonPath(this.call + ".peer.serialNumber")
			.isEqualTo(serialNumber.toString())
			.jsonPath(this.call + ".failure")
			.doesNotExist());
	}

}
