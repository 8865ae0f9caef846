package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for attestations at {@link SimulatedSpireServer} beyond the transcripts.
 */
class AttestationTests {

	private static final String INTERNAL = "INTERNAL: nodeattestor(k8s_psat): ";

	private static final String DENIED = "PERMISSION_DENIED: nodeattestor(k8s_psat): ";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.clock(this.clock)
		.serviceAccount("shop", "orders")
		.pod("orders-0", "POD-UID")
		.node("node-1", "NODE-UID")
		.build();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'',
			textBlock = """
					API_SERVER_UNREACHABLE | INTERNAL          | unable to validate token with TokenReview API for cluster "demo": unable to query token review API: connection refused
					AUDIENCE_NOT_VALIDATED | INTERNAL          | unable to validate token with TokenReview API for cluster "demo": token review API did not validate audience: wanted one of ["spire-server"] but got []
					NOT_AUTHENTICATED      | PERMISSION_DENIED | token not authenticated according to TokenReview API for cluster "demo"
					USER_TOKEN             | INTERNAL          | fail to parse username from token review status for cluster "demo": unexpected username format: kubernetes-admin
					NO_POD_NAME            | INTERNAL          | fail to get pod name from token review status for cluster "demo": missing pod name
					NO_POD_UID             | INTERNAL          | fail to get pod UID from token review status for cluster "demo": missing pod UID
					POD_FORBIDDEN          | INTERNAL          | fail to get pod from k8s API server for cluster "demo": unable to query pods API: pods is forbidden
					NODE_FORBIDDEN         | INTERNAL          | fail to get node from k8s API server for cluster "demo": unable to query nodes API: nodes is forbidden
					NO_NODE_UID            | INTERNAL          | node UID is empty for cluster "demo"
					""")
	void faultOfReviewIsToldAsByRelease1153(ReviewFault fault, Status.Code code, String message) {
		Status status = refusal(SpireRelease.V1_15_3, fault);
		assertThat(status.getCode()).isEqualTo(code);
		assertThat(status.getDescription()).isEqualTo("nodeattestor(k8s_psat): " + message);
	}

	@Test
	void release114NamesNoCluster() {
		assertThat(told(refusal(SpireRelease.V1_14, ReviewFault.NO_POD_NAME)))
			.isEqualTo(INTERNAL + "fail to get pod name from token review status: missing pod name");
		assertThat(told(refusal(SpireRelease.V1_14, ReviewFault.NO_NODE_UID)))
			.isEqualTo(INTERNAL + "node UID is empty");
		assertThat(told(refusal(SpireRelease.V1_14, ReviewFault.NOT_AUTHENTICATED)))
			.isEqualTo(DENIED + "token not authenticated according to TokenReview API");
	}

	@Test
	void mainFailsInOtherWordsAndComparesPods() {
		assertThat(told(refusal(SpireRelease.V1_16, ReviewFault.POD_FORBIDDEN))).isEqualTo(INTERNAL
				+ "failed to get pod from k8s API server for cluster \"demo\": unable to query pods API: pods is forbidden");
		assertThat(told(refusal(SpireRelease.V1_16, ReviewFault.POD_REPLACED))).isEqualTo(DENIED
				+ "pod UID mismatch for pod \"orders-0\" in cluster \"demo\": token bound to pod UID \"POD-UID\"");
	}

	@Test
	void onlyMainNoticesThatPodWasReplaced() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3)) {
			server.cluster("demo").fault(ReviewFault.POD_REPLACED);
			assertThat(TestClient.attest(server, this.kubelet.token(), "demo").id()).endsWith("/pod/POD-UID");
		}
	}

	@Test
	void release114KnowsNoPodIdsAndAllowsNoPostStatus() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_14)) {
			TestSvid agent = TestClient.attest(server, this.kubelet.token(), "demo");
			assertThat(agent.id()).isEqualTo("spiffe://example.org/spire/agent/k8s_psat/demo/NODE-UID");
			try (TestClient client = TestClient.of(server, agent)) {
				StatusRuntimeException denial = TestClient
					.failure(() -> client.call(SpireMethods.POST_STATUS, PostStatusRequest.getDefaultInstance()));
				assertThat(told(denial.getStatus())).isEqualTo(
						"PERMISSION_DENIED: authorization denied for method /spire.api.server.agent.v1.Agent/PostStatus");
				assertThat(String.valueOf(denial.getTrailers())).doesNotContain("grpc-status-details-bin");
			}
		}
	}

	private Status refusal(SpireRelease release, ReviewFault fault) {
		try (SimulatedSpireServer server = server(release)) {
			server.cluster("demo").fault(fault);
			return TestClient.status(() -> TestClient.attest(server, this.kubelet.token(), "demo"));
		}
	}

	private SimulatedSpireServer server(SpireRelease release) {
		return SimulatedSpireServer.builder()
			.clock(this.clock)
			.behaveAs(release)
			.limitAttestations(false)
			.workload(this.kubelet, "demo")
			.build();
	}

	@Test
	void tokenIsRefusedOnceItHasExpired() {
		assertReviewError("service account token has expired", (server) -> this.clock.advance(Duration.ofMinutes(12)));
	}

	@Test
	void tokenIsRefusedUntilItIsValid() {
		assertReviewError("service account token is not valid yet",
				(server) -> this.kubelet.rotateNotYetValid(Duration.ofMinutes(5)));
	}

	private void assertReviewError(String error, Consumer<SimulatedSpireServer> before) {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3)) {
			before.accept(server);
			assertThat(told(TestClient.status(() -> TestClient.attest(server, this.kubelet.token(), "demo"))))
				.isEqualTo(INTERNAL + "unable to validate token with TokenReview API for cluster \"demo\": "
						+ "token review API response contains an error: [invalid bearer token, " + error + "]");
		}
	}

	@Test
	void tokenOfAnotherKubeletIsRefused() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3);
				SimulatedKubelet other = SimulatedKubelet.builder().build()) {
			assertThat(told(TestClient.status(() -> TestClient.attest(server, other.token(), "demo"))))
				.endsWith("[invalid bearer token, invalid signature, no keys found]");
		}
	}

	@Test
	void tokenSignedWithRsaIsAccepted() {
		try (SimulatedKubelet rsa = SimulatedKubelet.builder()
			.algorithm(dev.psat.test.SigningAlgorithm.RS256)
			.pod("rsa", "RSA-UID")
			.build(); SimulatedSpireServer server = server(SpireRelease.V1_15_3)) {
			server.register(rsa, "demo");
			assertThat(TestClient.attest(server, rsa.token(), "demo").id()).endsWith("/pod/RSA-UID");
		}
	}

	@Test
	void allowListAndAudienceCanBeChanged() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3)) {
			server.cluster("demo").disallow("shop", "orders");
			assertThat(told(TestClient.status(() -> TestClient.attest(server, this.kubelet.token(), "demo"))))
				.isEqualTo(DENIED + "\"shop:orders\" is not an allowed service account for cluster \"demo\"");
			server.cluster("demo").allow("shop", "orders").audience("vault", "other");
			TestSvid agent = TestClient.attest(server, this.kubelet.rotateWithAudience("other"), "demo");
			assertThat(agent.id()).endsWith("/pod/POD-UID");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					[]                             | failed to unmarshal data payload: json: cannot unmarshal array into Go value of type k8s.PSATAttestationData
					{"cluster":1,"token":"t"}      | failed to unmarshal data payload: json: cannot unmarshal number into Go struct field PSATAttestationData.cluster of type string
					no json                        | failed to unmarshal data payload: invalid character looking for beginning of value
					null                           | missing cluster in attestation data
					{"token":"t"}                  | missing cluster in attestation data
					{"CLUSTER":"demo","more":{}}   | missing token in attestation data
					""")
	void payloadIsReadAsGoReadsJson(String payload, String message) {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3);
				TestClient client = TestClient.anonymous(server)) {
			byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
			assertThat(told(TestClient.status(() -> client.attest(TestClient.request(bytes)))))
				.isEqualTo("INVALID_ARGUMENT: nodeattestor(k8s_psat): " + message);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "params", "attestation data", "X509-SVID parameters", "CSR", "attestation data type",
			"attestation data payload" })
	void requestWithoutPartIsRefused(String part) {
		AttestAgentRequest.Builder request = TestClient.request(TestClient.payload("demo", "t")).toBuilder();
		switch (part) {
			case "params" -> request.clearParams();
			case "attestation data" -> request.getParamsBuilder().clearData();
			case "X509-SVID parameters" -> request.getParamsBuilder().clearParams();
			case "CSR" -> request.getParamsBuilder().getParamsBuilder().clearCsr();
			case "attestation data type" -> request.getParamsBuilder().getDataBuilder().clearType();
			default -> request.getParamsBuilder().getDataBuilder().clearPayload();
		}
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3);
				TestClient client = TestClient.anonymous(server)) {
			assertThat(told(TestClient.status(() -> client.attest(request.build()))))
				.isEqualTo("INVALID_ARGUMENT: malformed param: missing " + part);
		}
	}

	@Test
	void malformedSigningRequestIsRefusedAndAWrongSignatureIsNot() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3);
				TestClient client = TestClient.anonymous(server)) {
			AttestAgentRequest.Builder request = TestClient.request(TestClient.payload("demo", this.kubelet.token()))
				.toBuilder();
			request.getParamsBuilder().getParamsBuilder().setCsr(ByteString.copyFromUtf8("0 no request"));
			assertThat(told(TestClient.status(() -> client.attest(request.build()))))
				.startsWith("INVALID_ARGUMENT: failed to parse CSR: ");
			request.getParamsBuilder()
				.getParamsBuilder()
				.setCsr(ByteString.copyFrom(TestCsr.of(Certificates.newKeyPair(), Certificates.newKeyPair())));
			assertThat(client.attest(request.build()).hasResult()).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					a b       | invalid agent ID: path segment characters are limited to letters, numbers, dots, dashes, and underscores
					a/../b    | /spire/agent/k8s_psat/b/NODE-UID
					..        | /spire/agent/NODE-UID
					../..     | /spire/NODE-UID
					/a//b/    | /spire/agent/k8s_psat/a/b/NODE-UID
					""")
	void nameOfClusterGoesIntoIdAsGoCleansPaths(String cluster, String expected) {
		try (SimulatedSpireServer server = SimulatedSpireServer.builder()
			.clock(this.clock)
			.cluster(SimulatedCluster.named(cluster))
			.workload(this.kubelet, cluster)
			.build()) {
			if (expected.startsWith("/")) {
				assertThat(TestClient.attest(server, this.kubelet.token(), cluster).id())
					.isEqualTo("spiffe://example.org" + expected);
			}
			else {
				assertThat(told(TestClient.status(() -> TestClient.attest(server, this.kubelet.token(), cluster))))
					.isEqualTo("INTERNAL: " + expected);
			}
		}
	}

	@Test
	void agentSvidLivesAsLongAsConfiguredAndNeverLongerThanAuthority() {
		try (SimulatedSpireServer server = SimulatedSpireServer.builder()
			.clock(this.clock)
			.limitAttestations(false)
			.agentTtl(Duration.ofSeconds(90))
			.caTtl(Duration.ofMinutes(2))
			.workload(this.kubelet)
			.build()) {
			assertThat(life(TestClient.attest(server, this.kubelet.token()))).isEqualTo(Duration.ofSeconds(100));
			this.clock.advance(Duration.ofMinutes(1));
			assertThat(life(TestClient.attest(server, this.kubelet.token()))).isEqualTo(Duration.ofSeconds(70));
		}
	}

	private static Duration life(TestSvid svid) {
		return Duration.between(svid.leaf().getNotBefore().toInstant(), svid.leaf().getNotAfter().toInstant());
	}

	@Test
	void attestationsOfAnAgentAreCounted() {
		try (SimulatedSpireServer server = server(SpireRelease.V1_15_3)) {
			TestSvid first = TestClient.attest(server, this.kubelet.token(), "demo");
			TestSvid second = TestClient.attest(server, this.kubelet.token(), "demo");
			assertThat(server.agents().ids()).containsExactly(first.id());
			assertThat(server.agents().attestations(first.id())).isEqualTo(2);
			assertThat(server.agents().activeSerialNumber(first.id())).isEqualTo(second.leaf().getSerialNumber());
			assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		}
	}

	private static String told(Status status) {
		return status.getCode() + ": " + status.getDescription();
	}

}
