package dev.psat.sample;

import dev.psat.support.ClassicAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedPartner} and the sample, which calls it.
 */
@SampleTest
class SimulatedPartnerTests extends CallContract {

	@Autowired
	private PartnerCall call;

	@Autowired
	private SimulatedPartner partner;

	SimulatedPartnerTests() {
		super("$.partnerCall");
	}

	@BeforeEach
	void awaitCall() {
		awaitCallWith(this.identity.x509Svid().serialNumber());
	}

	@AfterEach
	void mend() {
		this.partner.restart();
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

	private void awaitFailure(String reason) {
		await().untilAsserted(() -> assertThat(this.call.last()).satisfies((last) -> {
			assertThat(last.peer()).isNull();
			assertThat(last.failure()).contains(reason);
		}));
	}

}
