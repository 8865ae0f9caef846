package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.spire.client.KeyType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the metadata of the properties of this module.
 */
class ConfigurationMetadataTests {

	private final Map<String, JsonNode> properties = new LinkedHashMap<>();

	private final JsonNode hints;

	ConfigurationMetadataTests() throws IOException {
		JsonNode metadata = new JsonMapper()
			.readTree(Files.readString(Path.of("target/classes/META-INF/spring-configuration-metadata.json")));
		metadata.get("properties")
			.forEach((property) -> this.properties.put(property.get("name").stringValue(), property));
		this.hints = metadata.get("hints");
	}

	@Test
	void propertiesAreThoseOfTheContractWithTheirDefaults() {
		Map<String, String> defaults = new LinkedHashMap<>();
		this.properties.forEach((name, property) -> defaults.put(name, property.path("defaultValue").toString()));
		assertThat(defaults).containsOnly(entry("spire.federates-with", ""),
				entry("spire.workload-api.enabled", "true"), entry("spire.workload-api.socket", ""),
				entry("spire.server.enabled", "true"), entry("spire.server.address", ""),
				entry("spire.server.trust-domain", ""), entry("spire.server.trust-bundle", ""),
				entry("spire.server.attest-timeout", "\"180s\""), entry("spire.server.allow-node-identity", "false"),
				entry("spire.svid.spiffe-id", ""), entry("spire.svid.hint", ""),
				entry("spire.svid.key-type", "\"ec-p256\""), entry("spire.svid.refresh-interval", "\"60s\""),
				entry("spire.svid.wait", "\"5m\""), entry("spire.svid.wait-for", "\"servers\""),
				entry("spire.bundle.name", "\"spire\""), entry("spire.bundle.authorized-servers", ""),
				entry("spire.bundle.authorized-clients", ""), entry("spire.bundle.authorized-servers-file", ""),
				entry("spire.bundle.authorized-clients-file", ""), entry("spire.bundle.authorize-any-server", "false"),
				entry("spire.bundle.authorize-any-client", "false"), entry("spire.bundle.open-connections", "\"end\""),
				entry("spire.bundle.options.ciphers", ""), entry("spire.bundle.options.enabled-protocols", ""),
				entry("spire.bundle.ssl-info", "false"), entry("spire.identity-bundles", ""),
				entry("spire.enabled", "true"), entry("management.health.spire.enabled", "true"),
				entry("management.endpoint.spire.access", "\"read_only\""),
				entry("management.endpoint.spire.cache.time-to-live", "\"0ms\""),
				entry("management.endpoint.spirepeers.access", "\"unrestricted\""),
				entry("management.endpoint.spirepeers.cache.time-to-live", "\"0ms\""));
	}

	@Test
	void defaultsAreThoseOfTheClass() {
		SpireProperties properties = new SpireProperties();
		assertThat(properties.getServer().isEnabled()).isTrue();
		assertThat(properties.getServer().getAttestTimeout()).hasSeconds(180);
		assertThat(properties.getServer().isAllowNodeIdentity()).isFalse();
		assertThat(properties.getSvid().getKeyType()).isEqualTo(KeyType.EC_P256);
		assertThat(properties.getSvid().getRefreshInterval()).hasSeconds(60);
		assertThat(properties.getSvid().getWait()).hasMinutes(5);
		assertThat(properties.getSvid().getWaitFor()).isEqualTo(SpireProperties.Svid.WaitFor.SERVERS);
		assertThat(properties.getBundle().getName()).isEqualTo("spire");
		assertThat(properties.getBundle().isAuthorizeAnyServer()).isFalse();
		assertThat(properties.getBundle().isAuthorizeAnyClient()).isFalse();
	}

	@Test
	void everyPropertyIsDescribedInOneManner() {
		// those of an endpoint are described by Spring Boot
		this.properties.keySet().removeIf((name) -> name.startsWith("management.endpoint."));
		assertThat(this.properties).allSatisfy((name, property) -> {
			String description = property.path("description").asString("");
			assertThat(description).matches("[A-Z].*\\.").doesNotStartWith("The ").doesNotContain("{@");
			String type = property.get("type").stringValue();
			if (type.equals("java.lang.Boolean")) {
				assertThat(description).startsWith("Whether ");
			}
			if (type.equals("java.time.Duration")) {
				assertThat(description).endsWith("If a duration suffix is not specified, seconds will be used.");
			}
		});
	}

	@Test
	void hintsBelongToProperties() {
		assertThat(this.hints).isNotEmpty()
			.allSatisfy((hint) -> assertThat(this.properties).containsKey(hint.get("name").stringValue()));
	}

}
