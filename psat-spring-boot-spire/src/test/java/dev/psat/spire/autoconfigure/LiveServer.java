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
 * A real server and a pod that it attests, as system properties describe them. In node
 * mode an application stops after one attestation by itself.
 *
 * @param prefix what the names of the properties begin with
 */
record LiveServer(String prefix) {

	/** The server that all suites are about. */
	static final LiveServer OURS = new LiveServer("spire.live.");

	/** The server with which it federates. */
	static final LiveServer PARTNER = new LiveServer("spire.live.partner.");

	Map<String, Object> properties() throws IOException {
		assertThat(OURS.required("agent")).as("Whoever is the agent of this pod is evicted: spire.live.agent")
			.isEqualTo("disposable");
		ProjectedToken token = ProjectedToken.parse(Files.readString(Path.of(required("token"))).strip());
		assertThat(Duration.between(Instant.now(), token.expiresAt())).as("The token's life")
			.isGreaterThan(Duration.ofMinutes(1));
		return Map.of("spire.psat.cluster", required("cluster"), "spire.psat.token-path", required("token"),
				"spire.server.address", required("address"), "spire.server.trust-domain", required("trust-domain"),
				"spire.server.trust-bundle", required("trust-bundle"), "spire.server.allow-node-identity",
				Boolean.getBoolean("spire.live.node-identity"));
	}

	@Nullable String spiffeId() {
		return System.getProperty(this.prefix + "spiffe-id");
	}

	String required(String name) {
		String value = System.getProperty(this.prefix + name);
		assertThat(value).as("-D" + this.prefix + name).isNotBlank();
		return (value != null) ? value : "";
	}

}
