package dev.psat.spire;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.spire.security.SpiffeJwtDecoder;
import dev.psat.spire.security.SpiffeReactiveJwtDecoder;
import dev.psat.spire.security.SpiffeX509AuthenticationFilter;
import dev.psat.spire.security.SpiffeX509AuthenticationWebFilter;
import dev.psat.spire.server.SpireIdentityBuilder;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tomcat.SpiffeTomcatConnectorCustomizer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests that public methods name the argument that must not be {@code null}.
 */
@NullUnmarked
class ArgumentTests {

	private static final Instant NOW = Instant.EPOCH;

	private static final SpiffeId ID = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource({ "bundles", "callers" })
	void nullIsRefusedByName(String method, String name, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'%s' must not be null", name);
	}

	static Stream<Arguments> bundles() {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(identity());
		PeerPolicy policy = (peer) -> null;
		SpiffeTomcatConnectorCustomizer customizer = new SpiffeTomcatConnectorCustomizer(bundle);
		return Stream.of(of("SpiffeSslBundle.of", "identity", () -> SpiffeSslBundle.of(null)),
				of("SpiffeSslBundle.of", "identity", () -> SpiffeSslBundle.of(null, policy, policy, SslOptions.NONE)),
				of("SpiffeSslBundle.of", "inbound",
						() -> SpiffeSslBundle.of(() -> null, null, policy, SslOptions.NONE)),
				of("SpiffeSslBundle.of", "outbound",
						() -> SpiffeSslBundle.of(() -> null, policy, null, SslOptions.NONE)),
				of("SpiffeSslBundle.of", "options", () -> SpiffeSslBundle.of(() -> null, policy, policy, null)),
				of("IdentitySslBundle.of", "identity", () -> IdentitySslBundle.of(null)),
				of("IdentitySslBundle.of", "identity", () -> IdentitySslBundle.of(null, SslOptions.NONE)),
				of("IdentitySslBundle.of", "options", () -> IdentitySslBundle.of(() -> null, null)),
				of("IdentitySslBundle.of", "identity", () -> IdentitySslBundle.of(null, () -> null, SslOptions.NONE)),
				of("IdentitySslBundle.of", "trust", () -> IdentitySslBundle.of(() -> null, null, SslOptions.NONE)),
				of("IdentitySslBundle.of", "options", () -> IdentitySslBundle.of(() -> null, () -> null, null)),
				of("SpiffeSslBundle.authorizing", "authorized", () -> bundle.authorizing(null)),
				of("SpiffeSslBundle.authorizing", "trustDomain",
						() -> bundle.authorizing((TrustDomain) null, (peer) -> true)),
				of("SpiffeSslBundle.authorizing", "authorized", () -> bundle.authorizing(SvidMint.TRUST_DOMAIN, null)),
				of("SpiffeSslBundle.authorizing", "inbound", () -> bundle.authorizing((PeerPolicy) null, policy)),
				of("SpiffeSslBundle.authorizing", "outbound", () -> bundle.authorizing(policy, null)),
				of("SpiffeSslBundle.verifyClient", "chain", () -> bundle.verifyClient(null)),
				of("SpiffeTomcatConnectorCustomizer", "bundle", () -> new SpiffeTomcatConnectorCustomizer(null)),
				of("SpiffeTomcatConnectorCustomizer", "bundle",
						() -> new SpiffeTomcatConnectorCustomizer(null, List.of())),
				of("SpiffeTomcatConnectorCustomizer", "hostNames",
						() -> new SpiffeTomcatConnectorCustomizer(bundle, null)),
				of("SpiffeTomcatConnectorCustomizer", "verification",
						() -> new SpiffeTomcatConnectorCustomizer(bundle, List.of(), null)),
				of("SpiffeTomcatConnectorCustomizer.customize", "connector", () -> customizer.customize(null)),
				of("SpiffeTomcatConnectorCustomizer.isInForce", "connector", () -> customizer.isInForce(null)));
	}

	static Stream<Arguments> callers() {
		SpireIdentity identity = identity();
		SpiffeSslBundle bundle = SpiffeSslBundle.of(identity);
		return Stream.of(of("SpireHealthIndicator", "identity", () -> new SpireHealthIndicator(null)),
				of("SpiffeJwtDecoder.of", "identity", () -> SpiffeJwtDecoder.of(null, "orders")),
				of("SpiffeJwtDecoder.of", "audience", () -> SpiffeJwtDecoder.of(identity, null)),
				of("SpiffeJwtDecoder.of", "more", () -> SpiffeJwtDecoder.of(identity, "orders", (String[]) null)),
				of("SpiffeReactiveJwtDecoder.of", "identity", () -> SpiffeReactiveJwtDecoder.of(null, "orders")),
				of("SpiffeReactiveJwtDecoder.of", "audience", () -> SpiffeReactiveJwtDecoder.of(identity, null)),
				of("SpiffeJwtDecoder.federatedWith", "trustDomains",
						() -> SpiffeJwtDecoder.of(identity, "orders").federatedWith((TrustDomain[]) null)),
				of("SpiffeReactiveJwtDecoder.federatedWith", "trustDomains",
						() -> SpiffeReactiveJwtDecoder.of(identity, "orders").federatedWith((TrustDomain[]) null)),
				of("SpiffeX509AuthenticationFilter", "bundle",
						() -> new SpiffeX509AuthenticationFilter(null, (id) -> null)),
				of("SpiffeX509AuthenticationFilter", "callers", () -> new SpiffeX509AuthenticationFilter(bundle, null)),
				of("SpiffeX509AuthenticationWebFilter", "bundle",
						() -> new SpiffeX509AuthenticationWebFilter(null, (id) -> null)),
				of("SpiffeX509AuthenticationWebFilter", "callers",
						() -> new SpiffeX509AuthenticationWebFilter(bundle, null)));
	}

	private static SpireIdentity identity() {
		return builder().server(new ServerAddress("localhost", 8081))
			.trustDomain(TrustDomain.of("example.org"))
			.trustBundle(Path.of("bundle.crt"))
			.build();
	}

	private static SpireIdentityBuilder builder() {
		return SpireServerIdentity.builder(() -> {
			throw new IllegalStateException("Nobody attests in this test");
		});
	}

	private static Arguments of(String method, String name, ThrowingCallable call) {
		return Arguments.of(method, name, call);
	}

}
