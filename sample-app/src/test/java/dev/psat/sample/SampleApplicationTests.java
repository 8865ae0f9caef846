package dev.psat.sample;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SampleApplication}.
 */
@SampleTest
class SampleApplicationTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private SimulatedKubelet kubelet;

	@Autowired
	private SimulatedSpireServer server;

	private String token;

	@BeforeEach
	void rotate() {
		this.token = this.kubelet.rotate();
		String fingerprint = SimulatedPod.fingerprint(this.token);
		await().untilAsserted(() -> assertThat(Body.get(this.client, "/identity")).contains("[{", fingerprint)
			.containsSubsequence("\"rotations\":[", fingerprint));
	}

	@Test
	void rootIsThePage() {
		this.client.get()
			.uri("/")
			.accept(MediaType.TEXT_HTML)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_HTML)
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("id=\"token-state\""));
	}

	@Test
	void identityIsWhatTheEndpointKnows() {
		this.client.get()
			.uri("/identity")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.application")
			.isEqualTo("sample-app")
			.jsonPath("$.payload.cluster")
			.isEqualTo("demo-cluster")
			.jsonPath("$.status.tokenState")
			.isEqualTo("VALID")
			.jsonPath("$.status.sourceState")
			.isEqualTo("OK")
			.jsonPath("$.status.token.fingerprint")
			.isEqualTo(SimulatedPod.fingerprint(this.token))
			.jsonPath("$.status.token.claims.subject")
			.isEqualTo("system:serviceaccount:psat-sample:sample-app")
			.jsonPath("$.status.token.claims.pod.name")
			.isEqualTo("sample-app-6d5f7c9b8d-x2x4q")
			.jsonPath("$.payload.type")
			.isEqualTo("k8s_psat")
			.jsonPath("$.rotations[0].fingerprint")
			.isEqualTo(SimulatedPod.fingerprint(this.token));
	}

	@Test
	void identityIsWhatTheServerGives() {
		await().untilAsserted(() -> this.client.get()
			.uri("/identity")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.spire.state")
			.isEqualTo("READY")
			.jsonPath("$.spire.server")
			.isEqualTo(this.server.address())
			.jsonPath("$.spire.trustDomain")
			.isEqualTo("example.org")
			.jsonPath("$.spire.svid.id")
			.isEqualTo(SimulatedPod.SPIFFE_ID)
			.jsonPath("$.spire.svid.serialNumber")
			.value(String.class, (number) -> assertThat(number).matches("\\d+"))
			.jsonPath("$.spire.trustBundle.authorities")
			.isEqualTo(1));
	}

	@Test
	void identityHoldsNothingOfTheToken() {
		assertThat(Body.get(this.client, "/identity")).doesNotContain(this.token.split("\\."));
	}

	@Test
	void endpointsOfTokenAndIdentityAreExposed() {
		this.client.get()
			.uri("/actuator/psat")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.cluster")
			.isEqualTo("demo-cluster")
			.jsonPath("$.token.state")
			.isEqualTo("VALID")
			.jsonPath("$.source.state")
			.isEqualTo("OK");
		this.client.get()
			.uri("/actuator/spire")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.trustDomain")
			.isEqualTo("example.org");
	}

	@Test
	void healthSaysWhatIsWrong() {
		this.kubelet.removeToken();
		await().untilAsserted(() -> this.client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.psat.details.tokenState")
			.isEqualTo("VALID")
			.jsonPath("$.components.psat.details.sourceState")
			.isEqualTo("MISSING")
			.jsonPath("$.components.psat.details.advice")
			.isNotEmpty());
	}

	@Test
	void probesDoNotDependOnTheToken() {
		for (String probe : new String[] { "liveness", "readiness" }) {
			await().untilAsserted(() -> assertThat(Body.get(this.client, "/actuator/health/" + probe)).contains("UP")
				.doesNotContain("\"psat\""));
		}
	}

	@Test
	void readinessAsksForAnSvidAndLivenessDoesNot() {
		await().untilAsserted(() -> assertThat(Body.get(this.client, "/actuator/health/readiness"))
			.contains("\"spire\"", "READY", SimulatedPod.SPIFFE_ID));
		assertThat(Body.get(this.client, "/actuator/health/liveness")).doesNotContain("spire");
	}

}
