package dev.psat.sample;

import java.math.BigInteger;
import java.util.UUID;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.ClassicAuthority;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedPartner} and the sample, which calls it.
 */
@SampleTest
class SimulatedPartnerTests {

	@Autowired
	private PartnerCall call;

	@Autowired
	private SimulatedPartner partner;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SimulatedKubelet kubelet;

	@Autowired
	private SimulatedSpireServer server;

	@Autowired
	private RestTestClient client;

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
		awaitCallWith(this.identity.x509Svid().serialNumber());
	}

	@AfterEach
	void mend() {
		this.partner.restart();
	}

	@Test
	void partnerSeesEachNewSvid() {
		BigInteger before = this.identity.x509Svid().serialNumber();
		SimulatedPod.changeEntry(this.server, this.kubelet);
		this.identity.stop();
		this.identity.start();
		this.identity.jwtSvid(UUID.randomUUID().toString());
		await().until(() -> !this.identity.x509Svid().serialNumber().equals(before));
		awaitCallWith(this.identity.x509Svid().serialNumber());
	}

	@Test
	void nobodyIsToldToAPartnerOfAnotherCa() {
		this.partner.restart(new ClassicAuthority("Another CA"));
		awaitFailure("PKIX path building failed");
	}

	@Test
	void nobodyIsToldToAPartnerOfAnotherName() {
		this.partner.restart("another.example");
		awaitFailure("matching localhost");
	}

	@Test
	void partnerMayBeGoneForAWhile() {
		this.partner.stop();
		awaitFailure("ConnectException");
		this.partner.restart();
		awaitCallWith(this.identity.x509Svid().serialNumber());
	}

	private void awaitCallWith(BigInteger serialNumber) {
		await().untilAsserted(() -> this.client.get()
			.uri("/identity")
			.exchange()
			.expectBody()
			.jsonPath("$.partnerCall.peer.id")
			.isEqualTo(SimulatedPod.SPIFFE_ID)
			.jsonPath("$.partnerCall.peer.serialNumber")
			.isEqualTo(serialNumber.toString())
			.jsonPath("$.partnerCall.failure")
			.doesNotExist());
	}

	private void awaitFailure(String reason) {
		await().untilAsserted(() -> assertThat(this.call.last()).satisfies((last) -> {
			assertThat(last.peer()).isNull();
			assertThat(last.failure()).contains(reason);
		}));
	}

}
