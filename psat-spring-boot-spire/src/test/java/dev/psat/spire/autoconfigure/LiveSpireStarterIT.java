package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.psat.token.ProjectedToken;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter keeps its contract on a real server, by the properties of
 * {@code LiveSpireServerIT}. In node mode it stops after one attestation by itself.
 */
class LiveSpireStarterIT extends SpireStarterContract {

	@Override
	Map<String, Object> properties() throws IOException {
		assertThat(required("agent")).as("Whoever is the agent of this pod is evicted: spire.live.agent")
			.isEqualTo("disposable");
		ProjectedToken token = ProjectedToken.parse(Files.readString(Path.of(required("token"))).strip());
		assertThat(Duration.between(Instant.now(), token.expiresAt())).as("The token's life")
			.isGreaterThan(Duration.ofMinutes(1));
		return Map.of("spire.psat.cluster", required("cluster"), "spire.psat.token-path", required("token"),
				"spire.psat.server.address", required("address"), "spire.psat.server.trust-domain",
				required("trust-domain"), "spire.psat.server.trust-bundle", required("trust-bundle"),
				"spire.psat.server.allow-node-identity", Boolean.getBoolean("spire.live.node-identity"));
	}

	@Override
	@Nullable String expectedId() {
		return System.getProperty("spire.live.spiffe-id");
	}

	private static String required(String name) {
		String value = System.getProperty("spire.live." + name);
		assertThat(value).as("-Dspire.live." + name).isNotBlank();
		return (value != null) ? value : "";
	}

}
