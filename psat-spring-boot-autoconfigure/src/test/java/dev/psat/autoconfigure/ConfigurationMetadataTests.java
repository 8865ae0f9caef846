package dev.psat.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the metadata of our properties.
 */
class ConfigurationMetadataTests {

	private final JsonNode metadata = read();

	private final List<JsonNode> properties = this.metadata.get("properties")
		.valueStream()
		.filter((property) -> !property.has("deprecation"))
		.toList();

	@Test
	void propertiesAreThoseOfTheContractWithTheirDefaults() {
		Map<String, String> defaults = new TreeMap<>();
		for (JsonNode property : this.properties) {
			if (property.get("name").stringValue().startsWith("spire.psat.")) {
				defaults.put(property.get("name").stringValue(), property.path("defaultValue").toString());
			}
		}
		assertThat(defaults).containsOnly(entry("spire.psat.enabled", "true"), entry("spire.psat.cluster", ""),
				entry("spire.psat.token-path", "\"/var/run/secrets/tokens/spire-agent\""),
				entry("spire.psat.audience", "[\"spire-server\"]"), entry("spire.psat.clock-skew", "\"60s\""),
				entry("spire.psat.fail-fast", "false"), entry("spire.psat.refresh.watch", "true"),
				entry("spire.psat.refresh.poll-interval", "\"5s\""), entry("spire.psat.oauth2.client", ""));
	}

	@Test
	void defaultsAreThoseOfTheClass() {
		PsatProperties properties = new PsatProperties();
		assertThat(properties.isEnabled()).isTrue();
		assertThat(properties.getCluster()).isNull();
		assertThat(properties.getTokenPath()).isEqualTo("/var/run/secrets/tokens/spire-agent");
		assertThat(properties.getAudience()).containsExactly("spire-server");
		assertThat(properties.getClockSkew()).hasSeconds(60);
		assertThat(properties.isFailFast()).isFalse();
		assertThat(properties.getRefresh().isWatch()).isTrue();
		assertThat(properties.getRefresh().getPollInterval()).hasSeconds(5);
	}

	@Test
	void everyPropertyIsDescribed() {
		assertThat(this.properties).isNotEmpty().allSatisfy((property) -> {
			String name = property.get("name").stringValue();
			assertThat(property.path("type").asString("")).as(name).isNotBlank();
			assertThat(property.path("description").asString("")).as(name)
				.isNotBlank()
				.endsWith(".")
				.matches("[A-Z].*")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ")
				.doesNotContain("{@");
			if (property.get("type").stringValue().equals("java.lang.Boolean")) {
				assertThat(property.get("description").stringValue()).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void durationsSayWhatUnitIsTakenForNone() {
		assertThat(this.properties)
			.filteredOn((property) -> property.get("type").stringValue().equals("java.time.Duration")
					&& property.get("name").stringValue().startsWith("spire.psat."))
			.hasSize(2)
			.allSatisfy((property) -> assertThat(property.get("description").stringValue())
				.endsWith("If a duration suffix is not specified, seconds will be used."));
	}

	@Test
	void healthCanBeSwitchedOff() {
		assertThat(this.properties)
			.filteredOn((property) -> property.get("name").stringValue().equals("management.health.psat.enabled"))
			.singleElement()
			.satisfies((property) -> assertThat(property.get("defaultValue").booleanValue()).isTrue());
	}

	@Test
	void managementPropertiesAreOnlyThoseThatBootDerives() {
		assertThat(this.properties).extracting((property) -> property.get("name").stringValue())
			.filteredOn((name) -> !name.startsWith("spire.psat."))
			.containsExactlyInAnyOrder("management.endpoint.psat.access", "management.endpoint.psat.cache.time-to-live",
					"management.health.psat.enabled");
	}

	@Test
	void oldNamesLeadToTheNewOnes() {
		Map<String, String> replacements = new TreeMap<>();
		for (JsonNode property : this.metadata.get("properties")) {
			JsonNode deprecation = property.path("deprecation");
			if (deprecation.path("level").asString("").equals("error")) {
				replacements.put(property.get("name").stringValue(), deprecation.get("replacement").stringValue());
			}
		}
		assertThat(replacements).isEqualTo(
				RenamedProperties.NAMES.stream().collect(Collectors.toMap("spire.psat."::concat, "spire."::concat)));
	}

	@Test
	void hintsBelongToProperties() {
		assertThat(this.metadata.get("hints")).isNotEmpty()
			.allSatisfy((hint) -> assertThat(this.properties)
				.anyMatch((property) -> property.get("name").equals(hint.get("name"))));
	}

	private static JsonNode read() {
		try (InputStream in = new FileSystemResource("target/classes/META-INF/spring-configuration-metadata.json")
			.getInputStream()) {
			return new JsonMapper().readTree(in);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
