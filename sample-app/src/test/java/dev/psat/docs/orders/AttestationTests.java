package dev.psat.docs.orders;

// tag::test[]
import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;
// end::test[]
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The documentation's example of a test.
 */
// tag::test[]
@SpringBootTest
@Import(SimulatedKubeletConfiguration.class)
class AttestationTests {

	@Autowired
	private SimulatedKubelet kubelet;

	@Autowired
	private Attestation attestation;

	@Test
	void followsRotation() {
		String token = this.kubelet.rotate();
		await().untilAsserted(() -> assertThat(new String(this.attestation.attestationData())).contains(token));
	}

}
// end::test[]
