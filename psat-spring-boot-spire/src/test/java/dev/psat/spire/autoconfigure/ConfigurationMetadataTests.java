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
		assertThat(defaults).containsOnly(entry("spire.psat.federates-with", ""),
				entry("spire.psat.workload-api.enabled", "true"), entry("spire.psat.workload-api.socket", ""),
				entry("spire.psat.server.enabled", "true"), entry("spire.psat.server.address", ""),
				entry("spire.psat.server.trust-domain", ""), entry("spire.psat.server.trust-bundle", ""),
				entry("spire.psat.server.attest-timeout", "\"180s\""),
				entry("spire.psat.server.allow-node-identity", "false"), entry("spire.psat.svid.spiffe-id", ""),
				entry("spire.psat.svid.hint", ""), entry("spire.psat.svid.key-type", "\"ec-p256\""),
				entry("spire.psat.svid.refresh-interval", "\"60s\""), entry("spire.psat.svid.wait", "\"5m\""),
				entry("spire.psat.svid.wait-for", "\"servers\""), entry("spire.psat.bundle.name", "\"spire\""),
				entry("spire.psat.bundle.authorized-servers", ""), entry("spire.psat.bundle.authorized-clients", ""),
				entry("spire.psat.bundle.authorized-servers-file", ""),
				entry("spire.psat.bundle.authorized-clients-file", ""),
				entry("spire.psat.bundle.authorize-any-server", "false"),
				entry("spire.psat.bundle.authorize-any-client", "false"),
				entry("spire.psat.bundle.open-connections", "\"end\""), entry("spire.psat.bundle.options.ciphers", ""),
				entry("spire.psat.bundle.options.enabled-protocols", ""), entry("spire.psat.bundle.ssl-info", "false"),
				entry("spire.psat.identity-bundles", ""), entry("spire.psat.oauth2.client", ""),
				entry("spire.psat.bundle.open-connections", "\"end\""),
				entry("management.health.spire.enabled", "true"),
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
