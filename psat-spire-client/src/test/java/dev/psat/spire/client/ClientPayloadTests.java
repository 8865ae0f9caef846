package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;

import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the answers to attestation payloads, whose wording all releases share.
 */
class ClientPayloadTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.limitAttestations(false)
		.workload(this.kubelet)
		.build();

	@AutoClose
	private final TestPod pod = new TestPod(this.server, this.kubelet);

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"cluster":"a\\u003cb\\u003e\\u0026c","token":"t"} | CLUSTER_UNKNOWN
			{"cluster":"Simulated","token":"t"}                | CLUSTER_UNKNOWN
			{"token":"t"}                                      | CLUSTER_MISSING
			{"cluster":null,"token":"t"}                       | CLUSTER_MISSING
			null                                               | CLUSTER_MISSING
			{"CLUSTER":"simulated","more":{}}                  | TOKEN_MISSING
			{"cluster":1,"token":"t"}                          | PAYLOAD_MALFORMED
			[]                                                 | PAYLOAD_MALFORMED
			{"cluster":"simulated","token":"t"} and more       | PAYLOAD_MALFORMED
			\ufeff{"cluster":"simulated","token":"t"}          | PAYLOAD_MALFORMED
			``                                                 | INVALID_REQUEST
			""")
	void payloadThatIsNoneIsTold(String payload, FailureReason reason) {
		assertFails(() -> this.pod.attestWith(payload.getBytes(StandardCharsets.UTF_8)), reason);
	}

	@Test
	void payloadThatIsNoUtf8IsRead() {
		byte[] payload = "{\"cluster\":\"caf\u00e9\",\"token\":\"t\"}".getBytes(StandardCharsets.ISO_8859_1);
		assertFails(() -> this.pod.attestWith(payload), FailureReason.CLUSTER_UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\n", "\\r\\n", " " })
	void whiteSpaceAfterATokenDoesNoHarm(String whiteSpace) {
		assertThat(this.pod.attest(this.kubelet.token() + whiteSpace).svid().chain()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			a b,   NODE-UID, AGENT_ID_INVALID
			a:b,   NODE-UID, AGENT_ID_INVALID
			../.., server,   AGENT_ID_INVALID
			../.., NODE-UID, INVALID_SVID
			""")
	void nameOfClusterThatMakesNoAgentIsTold(String cluster, String nodeUid, FailureReason reason) {
		try (SimulatedKubelet node = SimulatedKubelet.builder().node("node-1", nodeUid).build();
				SimulatedSpireServer misnamed = SimulatedSpireServer.builder()
					.cluster(SimulatedCluster.named(cluster))
					.workload(node, cluster)
					.build();
				TestPod agent = new TestPod(misnamed, node)) {
			assertFails(() -> agent.attest(cluster, node.token()), reason);
		}
	}

}
