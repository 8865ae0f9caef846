package dev.psat.spire.client;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests that public methods name the argument that must not be {@code null}.
 */
@NullUnmarked
class ArgumentTests {

	private static final Instant NOW = TestAuthority.NOW;

	private static final KeyPair KEYS = TestAuthority.KEYS;

	private static final TrustDomain DOMAIN = TestAuthority.TRUST_DOMAIN;

	private static final SpiffeId ID = SpiffeId.parse(TestAuthority.ORDERS);

	private static final AuthorizedEntry ENTRY = TestEntry.of("id", ID);

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource({ "values", "bundlesAndSvids", "calls" })
	void nullIsRefusedByName(String method, String name, ThrowingCallable call) {
		assertThatNullPointerException().isThrownBy(call).withMessage("'%s' must not be null", name);
	}

	static Stream<Arguments> values() {
		List<String> audience = List.of("billing");
		return Stream.of(of("TrustDomain.of", "name", () -> TrustDomain.of(null)),
				of("SpiffeId.parse", "id", () -> SpiffeId.parse(null)),
				of("SpiffeId.of", "trustDomain", () -> SpiffeId.of(null, "")),
				of("SpiffeId.of", "path", () -> SpiffeId.of(DOMAIN, null)),
				of("ServerAddress", "host", () -> new ServerAddress(null, 1)),
				of("ServerAddress.parse", "address", () -> ServerAddress.parse(null)),
				of("Selector", "type", () -> new Selector(null, "ns:shop")),
				of("Selector", "value", () -> new Selector("k8s", null)),
				of("JwtSvid", "spiffeId", () -> new JwtSvid(null, "token", audience, NOW, NOW, null)),
				of("JwtSvid", "token", () -> new JwtSvid(ID, null, audience, NOW, NOW, null)),
				of("JwtSvid", "audience", () -> new JwtSvid(ID, "token", null, NOW, NOW, null)),
				of("JwtSvid", "issuedAt", () -> new JwtSvid(ID, "token", audience, null, NOW, null)),
				of("JwtSvid", "expiresAt", () -> new JwtSvid(ID, "token", audience, NOW, null, null)),
				of("JwtAuthority", "keyId", () -> new JwtAuthority(null, KEYS.getPublic(), null, false)),
				of("JwtAuthority", "publicKey", () -> new JwtAuthority("key", null, null, false)),
				of("X509Authority", "certificate", () -> new X509Authority(null, false)));
	}

	static Stream<Arguments> bundlesAndSvids() {
		TestAuthority authority = TestAuthority.root("root");
		X509Certificate leaf = authority.leaf();
		TrustBundle bundle = authority.bundle();
		X509Svid svid = X509Svid.of(List.of(leaf), null);
		return Stream.of(of("TrustBundle.parse", "trustDomain", () -> TrustBundle.parse(null, new byte[0])),
				of("TrustBundle.parse", "content", () -> TrustBundle.parse(DOMAIN, null)),
				of("TrustBundle.of", "trustDomain",
						() -> TrustBundle.of(null, bundle.x509Authorities(), List.of(), null, null)),
				of("TrustBundle.of", "x509Authorities", () -> TrustBundle.of(DOMAIN, null, List.of(), null, null)),
				of("TrustBundle.of", "jwtAuthorities",
						() -> TrustBundle.of(DOMAIN, bundle.x509Authorities(), null, null, null)),
				of("TrustBundle.verifyIssued", "svid", () -> bundle.verifyIssued(null, NOW)),
				of("TrustBundle.verifyIssued", "now", () -> bundle.verifyIssued(svid, null)),
				of("TrustBundle.verify", "peer", () -> bundle.verify(null, NOW)),
				of("TrustBundle.verify", "now", () -> bundle.verify(svid, null)),
				of("X509Svid.of", "chain", () -> X509Svid.of(null, null)),
				of("X509Svid.chainsTo", "bundle", () -> svid.chainsTo(null, NOW)),
				of("X509Svid.chainsTo", "now", () -> svid.chainsTo(bundle, null)),
				of("X509Svid.chainsToUntainted", "bundle", () -> svid.chainsToUntainted(null, NOW)),
				of("X509Svid.chainsToUntainted", "now", () -> svid.chainsToUntainted(bundle, null)));
	}

	static Stream<Arguments> calls() {
		TestAuthority authority = TestAuthority.root("root");
		TrustBundle bundle = authority.bundle();
		X509Svid svid = X509Svid.of(List.of(authority.leaf()), null);
		SpireClient.Builder builder = SpireClient.builder(new ServerAddress("localhost", 1), DOMAIN, () -> bundle);
		SpireClient client = builder.build();
		AgentConnection connection = client.connect(svid, KEYS);
		client.close();
		return Stream.of(of("SpireClient.builder", "address", () -> SpireClient.builder(null, DOMAIN, () -> bundle)),
				of("SpireClient.Builder.userAgent", "userAgent", () -> builder.userAgent(null)),
				of("SpireClient.Builder.callTimeout", "callTimeout", () -> builder.callTimeout(null)),
				of("SpireClient.Builder.attestTimeout", "attestTimeout", () -> builder.attestTimeout(null)),
				of("SpireClient.Builder.clock", "clock", () -> builder.clock(null)),
				of("SpireClient.attest", "type", () -> client.attest(null, new byte[0], KEYS)),
				of("SpireClient.attest", "payload", () -> client.attest("k8s_psat", null, KEYS)),
				of("SpireClient.attest", "key", () -> client.attest("k8s_psat", new byte[0], null)),
				of("SpireClient.connect", "agentSvid", () -> client.connect(null, KEYS)),
				of("SpireClient.connect", "key", () -> client.connect(svid, null)),
				of("AgentConnection.newX509Svid", "entry", () -> connection.newX509Svid(null, KEYS)),
				of("AgentConnection.newX509Svid", "key", () -> connection.newX509Svid(ENTRY, null)),
				of("AgentConnection.newJwtSvid", "entry", () -> connection.newJwtSvid(null, List.of("billing"))),
				of("AgentConnection.newJwtSvid", "audience", () -> connection.newJwtSvid(ENTRY, null)),
				of("AgentConnection.newJwtSvid", "entry", () -> connection.newJwtSvid(null, null, null, null)),
				of("AgentConnection.newJwtSvid", "audience", () -> connection.newJwtSvid(ENTRY, null, null, null)),
				of("AgentConnection.newJwtSvid", "patience",
						() -> connection.newJwtSvid(ENTRY, List.of("billing"), null, null)),
				of("AgentConnection.newJwtSvid", "late",
						() -> connection.newJwtSvid(ENTRY, List.of("billing"), Duration.ZERO, null)),
				of("AgentConnection.postStatus", "agentVersion", () -> connection.postStatus(null)));
	}

	private static Arguments of(String method, String name, ThrowingCallable call) {
		return Arguments.of(method, name, call);
	}

}
