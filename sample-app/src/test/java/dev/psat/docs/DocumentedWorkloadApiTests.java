package dev.psat.docs;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.psat.docs.spire.OrdersApplication;
import dev.psat.sample.Body;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.SimulatedWorkloadApiConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation prints what a running application answers whose identity
 * comes from the Workload API.
 */
@SpringBootTest(classes = OrdersApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "spire.federates-with=partner.org")
@AutoConfigureRestTestClient
@Import({ DocumentedWorkloadApiTests.PartnerServer.class, SimulatedWorkloadApiConfiguration.class })
class DocumentedWorkloadApiTests {

	private static final Markdown GUIDE = Markdown.of("docs/endpoints.md");

	private static final Set<SpireState> OF_THE_SERVER = EnumSet.of(SpireState.BANNED, SpireState.NODE_IDENTITY,
			SpireState.CONTESTED, SpireState.ATTESTING);

	private static final String PRINTED_SOCKET = "unix:///run/spire/agent-sockets/spire-agent.sock";

	@Autowired
	private RestTestClient client;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SimulatedWorkloadApi api;

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
	}

	@Test
	void endpointHasTheMembersThatTheGuidePrints() {
		await().untilAsserted(() -> assertThat(Json.members(document())).isEqualTo(Json.members(printed(3))));
	}

	@Test
	void endpointSaysWhatWentWrongAsTheGuidePrintsIt() {
		this.api.stop();
		await().untilAsserted(() -> assertThat(error(document()).isMissingNode()).isFalse());
		JsonNode error = error(document());
		this.api.start();
		assertThat(Json.members(error)).isEqualTo(Json.members(error(printed(4))));
		for (String member : new String[] { "reason", "message", "advice" }) {
			assertThat(error.path(member).asString().replace(this.api.address(), PRINTED_SOCKET))
				.isEqualTo(error(printed(4)).path(member).asString());
		}
		await().untilAsserted(() -> assertThat(error(document()).isMissingNode()).isTrue());
	}

	@Test
	void everyStateOfThisDoorIsDocumented() {
		String states = Markdown.of("docs/states.md").text();
		Set<String> documented = states.split("## From an agent\n")[1].split("\n## ")[0].lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.split("`")[1])
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(OF_THE_SERVER))
			.stream()
			.map(Enum::name)
			.collect(Collectors.toCollection(TreeSet::new)));
	}

	private JsonNode document() {
		return JsonMapper.shared().readTree(Body.get(this.client, "/actuator/spire"));
	}

	private static JsonNode printed(int block) {
		return JsonMapper.shared().readTree(GUIDE.blocks("json").get(block).content());
	}

	private static JsonNode error(JsonNode document) {
		return document.path("lastError");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class PartnerServer {

		@Bean(defaultCandidate = false)
		SimulatedSpireServer partnerServer() {
			return SimulatedSpireServer.builder().trustDomain("partner.org").build();
		}

	}

}
