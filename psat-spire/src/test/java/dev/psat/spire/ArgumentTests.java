package dev.psat.spire;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireIdentityBuilder;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.ClassicTls;
import dev.psat.spire.tls.internal.PeerPolicies;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import dev.psat.spire.tls.internal.SvidTls;
import dev.psat.spire.tls.internal.TlsOptions;
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

	private static final Instant NOW = Instant.EPOCH;

	private static final SpiffeId ID = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource({ "identities", "values", "peers" })
	void nullIsRefusedByName(String method, String name, ThrowingCallable call) {
		assertThatNullPointerException().isThrownBy(call).withMessage("'%s' must not be null", name);
	}

	static Stream<Arguments> identities() {
		SpireIdentityBuilder builder = builder();
		SpireIdentity identity = identity();
		return Stream.of(of("SpireServerIdentity.builder", "attestor", () -> SpireServerIdentity.builder(null)),
				of("SpireIdentityBuilder.server", "server", () -> builder.server(null)),
				of("SpireIdentityBuilder.trustDomain", "trustDomain", () -> builder.trustDomain(null)),
				of("SpireIdentityBuilder.trustBundle", "trustBundle", () -> builder.trustBundle(null)),
				of("SpireIdentityBuilder.attestTimeout", "attestTimeout", () -> builder.attestTimeout(null)),
				of("SpireIdentityBuilder.keyType", "keyType", () -> builder.keyType(null)),
				of("SpireIdentityBuilder.refreshInterval", "refreshInterval", () -> builder.refreshInterval(null)),
				of("SpireIdentity.jwtSvid", "audience", () -> identity.jwtSvid(null)),
				of("SpireIdentity.jwtSvid", "more", () -> identity.jwtSvid("orders", (String[]) null)),
				of("SpireIdentity.addObserver", "observer", () -> identity.addObserver(null)),
				of("SpireIdentity.removeObserver", "observer", () -> identity.removeObserver(null)));
	}

	static Stream<Arguments> values() {
		BigInteger serial = BigInteger.ONE;
		return Stream.of(
				of("SvidUnavailableException", "state", () -> new SvidUnavailableException("message", null, "advice")),
				of("SvidUnavailableException", "advice",
						() -> new SvidUnavailableException("message", SpireState.READY, null)),
				of("SvidRotatedEvent", "spiffeId", () -> SvidRotatedEvent.builder(null, serial, NOW).build()),
				of("SvidRotatedEvent", "serialNumber", () -> SvidRotatedEvent.builder(ID, null, NOW).build()),
				of("SvidRotatedEvent", "expiresAt", () -> SvidRotatedEvent.builder(ID, serial, null).build()),
				of("SpireStateChangedEvent", "previousState",
						() -> SpireStateChangedEvent.builder(null, SpireState.READY).build()),
				of("SpireStateChangedEvent", "state",
						() -> SpireStateChangedEvent.builder(SpireState.READY, null).build()),
				of("SpireStatus", "state", () -> SpireStatus.builder(null).build()),
				of("SpireStatus.Svid", "id",
						() -> SpireStatus.Svid.builder(null, serial, 1, NOW, NOW).renewalDueAt(NOW).build()),
				of("SpireStatus.Svid", "serialNumber",
						() -> SpireStatus.Svid.builder(ID, null, 1, NOW, NOW).renewalDueAt(NOW).build()),
				of("SpireStatus.Svid", "issuedAt",
						() -> SpireStatus.Svid.builder(ID, serial, 1, null, NOW).renewalDueAt(NOW).build()),
				of("SpireStatus.Svid", "expiresAt",
						() -> SpireStatus.Svid.builder(ID, serial, 1, NOW, null).renewalDueAt(NOW).build()),
				of("SpireStatus.LastError", "reason",
						() -> SpireStatus.LastError.builder(null, NOW, "message", "advice").build()),
				of("SpireStatus.LastError", "at",
						() -> SpireStatus.LastError.builder("REASON", null, "message", "advice").build()),
				of("SpireStatus.LastError", "message",
						() -> SpireStatus.LastError.builder("REASON", NOW, null, "advice").build()),
				of("SpireStatus.LastError", "advice",
						() -> SpireStatus.LastError.builder("REASON", NOW, "message", null).build()));
	}

	static Stream<Arguments> peers() {
		KeyPair keys = KeyType.EC_P256.generate();
		PeerPolicy policy = (peer) -> null;
		PeerPolicies policies = PeerPolicies.of((peer) -> true);
		SpiffeIdPattern pattern = SpiffeIdPattern.parse(ID.toString());
		TlsIdentity identity = (TlsIdentity) identity();
		SvidTls tls = SvidTls.of(identity, policies, TlsOptions.NONE, Time.ofSystem());
		SpireTls facade = SpireTls.of(identity());
		ClassicTls.Trust trust = () -> {
			throw new CertificateException();
		};
		X509Svid svid = new SvidMint("authority").mint(ID.toString()).svid();
		return Stream.of(of("KeyedSvid", "svid", () -> new KeyedSvid(null, keys.getPrivate(), 1)),
				of("KeyedSvid", "privateKey", () -> new KeyedSvid(svid, null, 1)),
				of("PeerPolicies", "inbound", () -> new PeerPolicies(null, policy)),
				of("PeerPolicies", "outbound", () -> new PeerPolicies(policy, null)),
				of("PeerPolicies.refusing", "reason", () -> PeerPolicies.refusing(null)),
				of("PeerPolicies.of", "authorized", () -> PeerPolicies.of((Predicate<SpiffeId>) null)),
				of("PeerPolicies.of", "trustDomain", () -> PeerPolicies.of(null, (peer) -> true)),
				of("PeerPolicies.of", "authorized", () -> PeerPolicies.of(SvidMint.TRUST_DOMAIN, null)),
				of("SpireTls.of", "identity", () -> SpireTls.of(null)),
				of("SpireTls.of", "identity", () -> SpireTls.of(null, List.of(), List.of())),
				of("SpireTls.of", "ciphers", () -> SpireTls.of(identity, null, List.of())),
				of("SpireTls.of", "enabledProtocols", () -> SpireTls.of(identity, List.of(), null)),
				of("SpireTls.authorizing", "authorized", () -> facade.authorizing(null)),
				of("SpireTls.authorizing", "trustDomain", () -> facade.authorizing((TrustDomain) null, (peer) -> true)),
				of("SpireTls.authorizing", "authorized", () -> facade.authorizing(SvidMint.TRUST_DOMAIN, null)),
				of("SpireTls.authorizing", "inbound", () -> facade.authorizing((PeerPolicy) null, policy)),
				of("SpireTls.authorizing", "outbound", () -> facade.authorizing(policy, null)),
				of("SpireTls.verifyClient", "chain", () -> facade.verifyClient(null)),
				of("SpiffeIdPattern.parse", "pattern", () -> SpiffeIdPattern.parse(null)),
				of("SpiffeIdPattern.matches", "id", () -> pattern.matches(null)),
				of("HandshakeCounts.count", "direction",
						() -> tls.tls().counts().count(null, HandshakeOutcome.ACCEPTED)),
				of("HandshakeCounts.count", "outcome", () -> tls.tls().counts().count(Direction.INBOUND, null)),
				of("HandshakeCounts.count", "direction",
						() -> tls.tls().counts().count(null, HandshakeOutcome.ACCEPTED, null)),
				of("HandshakeCounts.count", "outcome", () -> tls.tls().counts().count(Direction.INBOUND, null, null)),
				of("SvidTls.of", "identity", () -> SvidTls.of(null, policies, TlsOptions.NONE, Time.ofSystem())),
				of("SvidTls.of", "policies", () -> SvidTls.of(identity, null, TlsOptions.NONE, Time.ofSystem())),
				of("SvidTls.of", "options", () -> SvidTls.of(identity, policies, null, Time.ofSystem())),
				of("SvidTls.of", "time", () -> SvidTls.of(identity, policies, TlsOptions.NONE, null)),
				of("SvidTls.with", "policies", () -> tls.with(null)),
				of("SvidTls.verifyClient", "chain", () -> tls.verifyClient(null)),
				of("ClassicTls.of", "identity", () -> ClassicTls.of(null, trust, TlsOptions.NONE)),
				of("ClassicTls.of", "trust", () -> ClassicTls.of(identity, null, TlsOptions.NONE)),
				of("ClassicTls.of", "options", () -> ClassicTls.of(identity, trust, null)));
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
