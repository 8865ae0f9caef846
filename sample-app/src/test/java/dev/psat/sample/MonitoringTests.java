package dev.psat.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the rules and the dashboard of {@code deploy/monitoring} name metrics that
 * the running application has.
 */
@SampleTest
class MonitoringTests {

	private static final Pattern METRIC = Pattern.compile("\\bspire_\\w+");

	@Autowired
	private RestTestClient client;

	@ParameterizedTest
	@ValueSource(strings = { "prometheus-rules.yaml", "grafana-dashboard.json" })
	void everyMetricExists(String file) throws IOException {
		Set<String> named = metrics(Files.readString(Path.of("deploy/monitoring", file)));
		assertThat(named).isNotEmpty();
		// those of the authorities come with the first trust bundle
		await().untilAsserted(() -> assertThat(metrics(scrape())).containsAll(named));
	}

	private String scrape() {
		String body = this.client.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		return Objects.requireNonNull(body)
			.lines()
			.filter((line) -> !line.startsWith("#"))
			.reduce("", (all, line) -> all + line + "\n");
	}

	private static Set<String> metrics(String text) {
		Set<String> names = new TreeSet<>();
		METRIC.matcher(text).results().forEach((result) -> names.add(result.group()));
		return names;
	}

}
