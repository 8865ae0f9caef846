package dev.psat.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.psat.docs.orders.OrdersApplication;
import dev.psat.sample.Body;
import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation prints what a running application with the starter alone
 * answers.
 */
@SpringBootTest(classes = OrdersApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
@Import(SimulatedKubeletConfiguration.class)
class DocumentedApplicationTests {

	private static final Pattern METER = Pattern.compile("spire\\.psat\\.token(\\.\\w+)+");

	private static final Pattern METRIC = Pattern.compile("spire_psat_token\\w+|…(_\\w+)");

	@Autowired
	private RestTestClient client;

	@Autowired
	private SimulatedKubelet kubelet;

	@Test
	void endpointHasTheMembersThatTheGuidePrints() {
		this.kubelet.rotate();
		JsonNode printed = JsonMapper.shared()
			.readTree(Markdown.of("docs/endpoints.md").blocks("json").get(0).content());
		await().untilAsserted(
				() -> assertThat(Json.members(JsonMapper.shared().readTree(Body.get(this.client, "/actuator/psat"))))
					.isEqualTo(Json.members(printed)));
	}

	@Test
	void everyMeterIsDocumented() {
		Set<String> documented = new TreeSet<>();
		Set<String> exported = new TreeSet<>();
		for (Markdown.Row row : Markdown.of("docs/metrics.md").rows()) {
			if (METER.matcher(row.name()).matches()) {
				documented.add(row.name());
			}
		}
		METRIC.matcher(Markdown.of("docs/metrics.md").text())
			.results()
			.forEach((metric) -> exported.add(
					(metric.group(1) != null) ? "spire_psat_token_publish_seconds" + metric.group(1) : metric.group()));
		assertThat(documented).isEqualTo(Markdown.found(METER, Body.get(this.client, "/actuator/metrics")));
		assertThat(exported).isEqualTo(
				Markdown.found(METRIC, Body.get(this.client, "/actuator/prometheus").replaceAll("(?m)^#.*", "")));
	}

	@Test
	void everyOutcomeIsDocumented() {
		JsonNode tags = JsonMapper.shared()
			.readTree(Body.get(this.client, "/actuator/metrics/spire.psat.token.reads"))
			.at("/availableTags");
		assertThat(tags).hasSize(2)
			.allSatisfy((tag) -> assertThat(tag.at("/values")).isNotEmpty()
				.allSatisfy((value) -> assertThat(Markdown.of("docs/metrics.md").text())
					.contains("`" + value.asString() + "`", "`" + tag.at("/tag").asString() + "`")));
	}

}
