package dev.psat.docs;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.docs.spire.OrdersApplication;
import dev.psat.sample.Body;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.FederatedBundleFaults;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation prints what a running application with the SPIRE starter
 * answers.
 */
@SpringBootTest(classes = OrdersApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "spire.federates-with=partner.org")
@AutoConfigureRestTestClient
@Import(SimulatedSpireServerConfiguration.class)
class DocumentedIdentityTests {

	private static final Pattern METER = Pattern.compile("spire\\.(?!psat\\.)\\w+(\\.\\w+)*");

	private static final Pattern METRIC = Pattern.compile("spire_(?!psat_)\\w+");

	private static final Pattern CONSTANT = Pattern.compile("`([A-Z][A-Z0-9_]+)`");

	private static final Markdown GUIDE = Markdown.of("docs/endpoints.md");

	@Autowired
	private RestTestClient client;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SimulatedKubelet kubelet;

	@Autowired
	private SimulatedSpireServer server;

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
	}

	@Test
	void endpointHasTheMembersThatTheGuidePrints() {
		federate();
		visit();
		await().untilAsserted(() -> assertThat(Json.members(part())).isEqualTo(Json.members(printed(1))));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logTellsOfFederationAsTheGuidePrintsIt(CapturedOutput output) {
		List<String> printed = Markdown.of("docs/federation.md")
			.text()
			.lines()
			.filter((line) -> line.matches("(INFO|WARN)  .*rusting workloads of .*"))
			.map((line) -> line.substring(6))
			.toList();
		assertThat(printed).hasSize(2);
		this.server.federation().set(FederatedBundle.empty("partner.org"));
		visit();
		federate();
		visit();
		await().untilAsserted(() -> assertThat(output).contains(printed.get(0)));
		FederatedBundleFaults faults = this.server.faults().federatedBundle("partner.org");
		faults.fail(Status.NOT_FOUND.withDescription("bundle not found"));
		visit();
		await().untilAsserted(() -> assertThat(output).contains(printed.get(1)));
		faults.fail(null);
	}

	@Test
	void endpointSaysWhatWentWrongAsTheGuidePrintsIt() {
		this.server.stop();
		this.identity.stop();
		this.identity.start();
		await().untilAsserted(() -> assertThat(part().has("lastError")).isTrue());
		JsonNode error = part().path("lastError");
		this.server.restart();
		JsonNode printed = printed(2).path("lastError");
		assertThat(Json.members(error)).isEqualTo(Json.members(printed));
		for (String member : new String[] { "reason", "message", "advice" }) {
			assertThat(error.path(member)
				.asString()
				.replace(this.server.address(), "spire-server.spire:8081")
				.replaceFirst("127\\.0\\.0\\.1 \\(.*\\)$", "10.96.14.7 (no connection)"))
				.isEqualTo(printed.path(member).asString());
		}
		await().untilAsserted(() -> assertThat(part().has("lastError")).isFalse());
	}

	@Test
	void everyMeterIsDocumented() {
		Markdown page = Markdown.of("docs/metrics.md");
		Set<String> documented = page.rows()
			.stream()
			.map(Markdown.Row::name)
			.filter((name) -> METER.matcher(name).matches())
			.collect(Collectors.toCollection(TreeSet::new));
		// those of the authorities come with the first trust bundle, a moment later
		await().untilAsserted(() -> assertThat(documented)
			.isEqualTo(Markdown.found(METER, Body.get(this.client, "/actuator/metrics"))));
		assertThat(Markdown.found(METRIC, page.text())).isEqualTo(
				Markdown.found(METRIC, Body.get(this.client, "/actuator/prometheus").replaceAll("(?m)^#.*", "")));
	}

	@Test
	void everyStateAndEveryReasonIsDocumented() throws ClassNotFoundException {
		Object[] ownReasons = Class.forName("dev.psat.spire.internal.VisitException$OwnReason").getEnumConstants();
		Set<String> known = Stream
			.of(TokenState.values(), SourceState.values(), SpireState.values(), FederationState.values(),
					FailureReason.values(), WorkloadFailureReason.values(), ownReasons,
					PeerLists.FileStatus.State.values())
			.flatMap(Stream::of)
			.map(String::valueOf)
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> documented = CONSTANT.matcher(Markdown.of("docs/states.md").text())
			.results()
			.map((constant) -> constant.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).isEqualTo(known);
	}

	private void federate() {
		this.server.federation().set(FederatedBundle.of(this.server).withTrustDomain("partner.org"));
		this.server.entries()
			.change(this.server.register(this.kubelet, "demo-cluster"), (entry) -> entry.federatesWith("partner.org"));
	}

	/**
	 * Let the identity ask the server, as an agent.
	 */
	private void visit() {
		this.identity.stop();
		this.identity.start();
		this.identity.jwtSvid("visit-" + System.nanoTime());
	}

	private static JsonNode printed(int block) {
		return JsonMapper.shared().readTree(GUIDE.blocks("json").get(block).content());
	}

	private JsonNode part() {
		return JsonMapper.shared().readTree(Body.get(this.client, "/actuator/spire"));
	}

}
