package dev.psat.spire.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real server keeps the contract, see CONTRIBUTING.md: profile {@code spire-live}, with
 * <ul>
 * <li>{@code spire.live.address}, {@code .trust-domain}, {@code .trust-bundle} (a file),
 * <li>{@code spire.live.cluster}, and {@code .token} (a file) of a pod that may attest
 * there,
 * <li>{@code spire.live.agent=disposable}, since whoever is the agent of that pod is
 * evicted,
 * <li>{@code spire.live.spiffe-id}, the ID that the pod is to obtain,
 * <li>{@code spire.live.node-identity=true} where the pod becomes the agent of its node.
 * </ul>
 */
class LiveSpireServerIT extends SpireServerContract {

	@Override
	ServerAddress address() {
		return ServerAddress.parse(required("address"));
	}

	@Override
	TrustDomain trustDomain() {
		return TrustDomain.of(required("trust-domain"));
	}

	@Override
	byte[] trustBundle() throws IOException {
		return Files.readAllBytes(Path.of(required("trust-bundle")));
	}

	@Override
	String cluster() {
		assertThat(required("agent")).as("Whoever is the agent of this pod is evicted: spire.live.agent")
			.isEqualTo("disposable");
		return required("cluster");
	}

	@Override
	String token() throws IOException {
		String token = Files.readString(Path.of(required("token"))).strip();
		long expiresAt = claims(token).path("exp").asLong();
		assertThat(Duration.between(Instant.now(), Instant.ofEpochSecond(expiresAt))).as("The token's life")
			.isGreaterThan(Duration.ofMinutes(1));
		return token;
	}

	@Override
	@Nullable String expectedId() {
		return System.getProperty("spire.live.spiffe-id");
	}

	@Override
	void checkAgent(X509Svid agent) {
		boolean isPod = agent.spiffeId().path().matches(".*/pod/[^/]+");
		assertThat(isPod || Boolean.getBoolean("spire.live.node-identity"))
			.as("%s is not the agent of a pod: it evicts that of its node. Nothing more is done.", agent.spiffeId())
			.isTrue();
	}

	private static JsonNode claims(String token) {
		byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
		return JsonMapper.shared().readTree(new String(claims, StandardCharsets.UTF_8));
	}

	private static String required(String name) {
		String value = System.getProperty("spire.live." + name);
		assertThat(value).as("-Dspire.live." + name).isNotBlank();
		return (value != null) ? value : "";
	}

}
