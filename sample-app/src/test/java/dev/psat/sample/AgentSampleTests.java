package dev.psat.sample;

import java.nio.file.Path;

import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.SimulatedWorkloadApiConfiguration;
import dev.psat.support.Matrix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SampleApplication} on a simulated Workload API, with the same
 * {@code application.yaml} as on a SPIRE Server.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
@Import({ AgentSampleTests.SimulatedAgent.class, SimulatedWorkloadApiConfiguration.class })
class AgentSampleTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private SimulatedWorkloadApi api;

	@LocalServerPort
	private int port;

	@BeforeEach
	void awaitIdentity() {
		await().untilAsserted(() -> assertThat(Body.get(this.client, "/identity")).contains("\"state\":\"READY\""));
	}

	@Test
	void identityIsWhatTheAgentGives() {
		this.client.get()
			.uri("/identity")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.spire.workloadApi")
			.isEqualTo(this.api.address())
			.jsonPath("$.spire.server")
			.doesNotExist()
			.jsonPath("$.spire.agentId")
			.doesNotExist()
			.jsonPath("$.spire.svid.id")
			.isEqualTo(SimulatedPod.SPIFFE_ID)
			.jsonPath("$.spire.svid.renewalDueAt")
			.doesNotExist();
	}

	@Test
	void thereIsNoToken() {
		this.client.get()
			.uri("/identity")
			.exchange()
			.expectBody()
			.jsonPath("$.status")
			.doesNotExist()
			.jsonPath("$.payload")
			.doesNotExist()
			.jsonPath("$.rotations")
			.isEmpty();
		this.client.get()
			.uri("/actuator/psat")
			.exchange()
			.expectBody()
			.jsonPath("$.cluster")
			.doesNotExist()
			.jsonPath("$.token")
			.doesNotExist()
			.jsonPath("$.source")
			.doesNotExist();
		assertThat(Body.get(this.client, "/actuator/prometheus")).contains("spire_svid_expires_in_seconds")
			.doesNotContain("spire_psat_token", "spire_attestation");
	}

	@Test
	void readinessAsksForAnSvid() {
		assertThat(Body.get(this.client, "/actuator/health/readiness")).contains("UP", SimulatedPod.SPIFFE_ID);
		assertThat(Body.get(this.client, "/actuator/health")).contains("\"psat\":{\"status\":\"UP\"}");
		this.client.get().uri("/").exchange().expectStatus().isEqualTo(HttpStatus.OK);
	}

	@Test
	void letsItselfIn() {
		await().untilAsserted(() -> this.client.get()
			.uri("/identity")
			.exchange()
			.expectBody()
			.jsonPath("$.selfCall.peer.id")
			.isEqualTo(SimulatedPod.SPIFFE_ID));
	}

	@Matrix
	@Test
	@EnabledIf(value = "dev.psat.sample.Chromium#isInstalled", disabledReason = Chromium.ABSENT)
	void pageShowsNoToken(@TempDir Path profile) {
		try (Chromium chromium = new Chromium(profile)) {
			chromium.open("http://127.0.0.1:" + this.port + "/");
			await().untilAsserted(() -> assertThat(chromium.text("spire-state")).isEqualTo("READY"));
			assertThat(chromium.text("spiffe-id")).isEqualTo(SimulatedPod.SPIFFE_ID);
			assertThat(chromium.text("spire-facts")).contains(this.api.address(), "1 authority", "all is well, at ")
				.doesNotContain("Attested as", "sequence number");
			await().untilAsserted(() -> assertThat(chromium.text("self-state")).isEqualTo("LET IN"));
			assertThat(chromium.evaluate("document.title")).isEqualTo("READY · sample-app");
			assertThat(chromium.evaluate("document.body.dataset.tone")).isEqualTo("good");
			for (String id : new String[] { "token-state", "left", "no-rotations", "claims", "source", "problem",
					"svid-due" }) {
				assertThat(chromium.evaluate("document.getElementById('" + id + "').checkVisibility()")).as(id)
					.isEqualTo(false);
			}
			assertThat(chromium.drainConsole()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "--spire.workload-api.socket=unix:///run/agent.sock, true", "--spire.workload-api.socket=, false",
			"--server.port=0, false" })
	void nothingIsSimulatedWhereThereIsAnAgent(String argument, boolean expected) {
		assertThat(DevelopmentApplication.hasWorkloadApi(argument)).isEqualTo(expected);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class SimulatedAgent {

		@Bean
		SimulatedWorkloadApi simulatedWorkloadApi() {
			return SimulatedWorkloadApi.builder().entry(SimulatedPod.SPIFFE_ID).build();
		}

	}

}
