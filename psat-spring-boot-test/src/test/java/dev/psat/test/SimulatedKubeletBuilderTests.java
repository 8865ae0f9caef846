package dev.psat.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SimulatedKubeletBuilder}.
 */
class SimulatedKubeletBuilderTests {

	private final SimulatedKubeletBuilder builder = SimulatedKubelet.builder();

	@Test
	void buildByDefaultIssuesWhatTheStarterExpects() {
		try (SimulatedKubelet kubelet = this.builder.build()) {
			JsonNode claims = Tokens.claims(kubelet.token());
			assertThat(claims.get("aud").values()).extracting(JsonNode::asString).containsExactly("spire-server");
			assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(600);
			assertThat(Tokens.header(kubelet.token()).get("alg").asString()).isEqualTo("ES256");
			assertThat(kubelet.tokenPath()).isAbsolute().hasFileName("spire-agent").hasContent(kubelet.token());
		}
	}

	@Test
	void buildUsesWhatWasSet(@TempDir Path directory) {
		Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);
		try (SimulatedKubelet kubelet = this.builder.directory(directory)
			.itemPath("psat/token")
			.audience("a", "b")
			.lifetime(Duration.ofHours(1))
			.algorithm(SigningAlgorithm.RS256)
			.clockSkew(Duration.ofSeconds(30))
			.serviceAccount("shop", "cart", "sa-uid")
			.pod("cart-0", "pod-uid")
			.node("worker", "node-uid")
			.clock(clock)
			.build()) {
			assertThat(kubelet.tokenPath()).isEqualTo(directory.resolve("psat/token"));
			assertThat(Tokens.header(kubelet.token()).get("alg").asString()).isEqualTo("RS256");
			JsonNode claims = Tokens.claims(kubelet.token());
			assertThat(claims.get("aud").values()).extracting(JsonNode::asString).containsExactly("a", "b");
			assertThat(claims.get("iat").asLong()).isEqualTo(1_000_030);
			assertThat(claims.get("exp").asLong()).isEqualTo(1_003_630);
			assertThat(claims.get("sub").asString()).isEqualTo("system:serviceaccount:shop:cart");
			assertThat(claims.at("/kubernetes.io/serviceaccount/uid").asString()).isEqualTo("sa-uid");
			assertThat(claims.at("/kubernetes.io/pod/name").asString()).isEqualTo("cart-0");
			assertThat(claims.at("/kubernetes.io/pod/uid").asString()).isEqualTo("pod-uid");
			assertThat(claims.at("/kubernetes.io/node/name").asString()).isEqualTo("worker");
			assertThat(claims.at("/kubernetes.io/node/uid").asString()).isEqualTo("node-uid");
		}
	}

	@Test
	void buildMakesUpUidsThatStay() {
		this.builder.serviceAccount("shop", "cart").pod("cart-0").node("worker");
		try (SimulatedKubelet kubelet = this.builder.build()) {
			JsonNode first = Tokens.claims(kubelet.token()).get("kubernetes.io");
			assertThat(first.at("/pod/uid").asString()).isNotEqualTo(first.at("/node/uid").asString()).hasSize(36);
			assertThat(Tokens.claims(kubelet.rotate()).get("kubernetes.io")).isEqualTo(first);
		}
	}

	@Test
	void buildMakesDirectory(@TempDir Path parent) {
		Path directory = parent.resolve("var/run/tokens");
		try (SimulatedKubelet kubelet = this.builder.directory(directory).build()) {
			assertThat(directory.resolve("spire-agent")).isEqualTo(kubelet.tokenPath()).hasContent(kubelet.token());
		}
		assertThat(parent).isEmptyDirectory();
	}

	@Test
	void buildWhenFileIsInTheWayLeavesIt(@TempDir Path directory) throws IOException {
		Path precious = Files.writeString(directory.resolve("spire-agent"), "precious");
		assertThatIllegalStateException().isThrownBy(this.builder.directory(directory)::build)
			.withMessageContaining(precious.toString());
		assertThat(directory.toFile().list()).containsExactly("spire-agent");
		assertThat(precious).hasContent("precious");
	}

	@Test
	void buildOverVolumeThatWasLeftBehindTakesItOver(@TempDir Path directory) {
		SimulatedKubelet killed = this.builder.directory(directory).build();
		try (SimulatedKubelet kubelet = this.builder.build()) {
			assertThat(kubelet.tokenPath()).hasContent(kubelet.token());
			assertThat(kubelet.token()).isNotEqualTo(killed.token());
		}
		assertThat(directory).isEmptyDirectory();
	}

	@Test
	void itemPathWhenAbsoluteThrowsException() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.itemPath("/token"))
			.withMessage("'itemPath' must be relative");
	}

	@Test
	void audienceWhenNoneThrowsException() {
		assertThatIllegalArgumentException().isThrownBy(this.builder::audience)
			.withMessage("'audiences' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.audience("a", " "))
			.withMessage("'audiences' must not contain an empty audience");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT0.5S", "PT1.5S", "PT4294967297S" })
	void lifetimeWhenNoApiServerIssuesItThrowsException(Duration lifetime) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.lifetime(lifetime))
			.withMessageStartingWith("'lifetime' must ");
	}

	@Test
	@SuppressWarnings("NullAway") // tests null
	void whenNullThrowsException() {
		assertNullRefused("directory", () -> this.builder.directory(null));
		assertNullRefused("lifetime", () -> this.builder.lifetime(null));
		assertNullRefused("algorithm", () -> this.builder.algorithm(null));
		assertNullRefused("clockSkew", () -> this.builder.clockSkew(null));
		assertNullRefused("clock", () -> this.builder.clock(null));
		try (SimulatedKubelet kubelet = this.builder.build()) {
			assertNullRefused("clockSkew", () -> kubelet.rotateWithClockSkew(null));
			assertNullRefused("ahead", () -> kubelet.rotateNotYetValid(null));
			assertNullRefused("content", () -> kubelet.write(null));
			assertNullRefused("pause", () -> kubelet.writeInPlace(null));
		}
	}

	@Test
	void workloadWhenNameIsBlankThrowsException() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.serviceAccount(" ", "cart"))
			.withMessage("'namespace' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.serviceAccount("shop", ""))
			.withMessage("'name' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.pod(""))
			.withMessage("'name' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.node("worker", ""))
			.withMessage("'uid' must not be empty");
	}

	private static void assertNullRefused(String argument, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'%s' must not be null", argument);
	}

}
