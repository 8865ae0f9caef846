package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.SimulatedSpireServer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What a client can expect from a SPIRE Server, whether simulated or real. Attests eight
 * times, not faster than a server allows, so the order matters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class SpireServerContract {

	private static final Duration PAUSE = Duration.ofMillis(1100);

	private SpireClient client;

	private final KeyPair agentKey = KeyType.EC_P256.generate();

	private X509Svid agent;

	private AgentConnection connection;

	private @Nullable Instant attestedAt;

	/**
	 * Return where the server listens.
	 */
	abstract ServerAddress address();

	abstract TrustDomain trustDomain();

	/**
	 * Return the trust bundle to begin with, in PEM or as a SPIFFE bundle.
	 */
	abstract byte[] trustBundle() throws Exception;

	/**
	 * Return a cluster whose agents have the IDs of their pods.
	 */
	abstract String cluster();

	/**
	 * Return a token that the server accepts, valid for a minute at least.
	 */
	abstract String token() throws Exception;

	/**
	 * Return the SPIFFE ID that the pod of the token is to obtain.
	 * @return the ID, {@code null} if it is not known
	 */
	abstract @Nullable String expectedId();

	/**
	 * Check the ID of the agent before anything is done with it.
	 */
	abstract void checkAgent(X509Svid agent);

	/**
	 * Return how long to wait from one attestation to the next.
	 */
	Duration pause() {
		return PAUSE;
	}

	@BeforeAll
	void attest() throws Exception {
		this.client = client(trustDomain(), trustBundle());
		this.agent = attest("k8s_psat", payload(cluster(), token()), this.agentKey);
		checkAgent(this.agent);
		this.connection = this.client.connect(this.agent, this.agentKey);
		// an alias counts from the next reload of the server's entries
		Awaitility.await()
			.pollInterval(Duration.ofSeconds(1))
			.pollDelay(Duration.ZERO)
			.until(() -> !this.connection.authorizedEntries().isEmpty());
	}

	@AfterAll
	void close() {
		if (this.client != null) {
			this.client.close();
		}
	}

	@Test
	@Order(1)
	void agentSvidIsThatOfAnAgentAndDatedByTheServersClock() {
		assertThat(this.agent.spiffeId().toString()).startsWith("spiffe://" + trustDomain() + "/spire/agent/k8s_psat/");
		assertThat(this.agent.issuedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(30));
		assertThat(this.agent.expiresAt()).isAfter(this.agent.issuedAt());
		assertThat(this.agent.leaf().getKeyUsage()).startsWith(true);
		assertThat(this.agent.chainsToUntainted(this.client.trustBundle(), Instant.now())).isTrue();
	}

	@Test
	@Order(2)
	void trustBundleIsTheSameForAnAgentAndForNobody() {
		TrustBundle bundle = this.client.trustBundle();
		assertThat(bundle).isEqualTo(this.connection.trustBundle());
		assertThat(bundle.trustDomain()).isEqualTo(trustDomain());
		assertThat(bundle.sequenceNumber()).isNotNegative();
		assertThat(bundle.jwtAuthorities()).isNotEmpty();
	}

	@Test
	@Order(3)
	void entryIsTheOneThatIsExpected() {
		AuthorizedEntry entry = entry();
		if (expectedId() == null) {
			System.err.println("NOT PROVED that the pod obtains the ID that it should: which one was not said");
		}
		assumeThat(expectedId()).isNotNull();
		assertThat(entry.spiffeId()).hasToString(expectedId());
		assertThat(entry.createdAt()).isBefore(Instant.now());
	}

	@ParameterizedTest
	@EnumSource(KeyType.class)
	@Order(4)
	void x509SvidIsIssuedForEveryTypeOfKey(KeyType type) {
		AuthorizedEntry entry = entry();
		KeyPair key = type.generate();
		X509Svid svid = this.connection.newX509Svid(entry, key);
		assertThat(svid.spiffeId()).isEqualTo(entry.spiffeId());
		assertThat(svid.leaf().getPublicKey()).isEqualTo(key.getPublic());
		assertThat(svid.hint()).isEqualTo(entry.hint());
	}

	@Test
	@Order(5)
	void jwtSvidIsForItsAudiences() {
		AuthorizedEntry entry = entry();
		JwtSvid svid = this.connection.newJwtSvid(entry, List.of("orders", "billing"));
		assertThat(svid.spiffeId()).isEqualTo(entry.spiffeId());
		assertThat(svid.audience()).containsExactly("orders", "billing");
		assertThat(svid.expiresAt()).isAfter(Instant.now());
		assertFails(() -> this.connection.newJwtSvid(entry, List.of()), FailureReason.INVALID_REQUEST);
	}

	@Test
	@Order(6)
	void entryOfAnotherIsNotFound() {
		AuthorizedEntry other = TestEntry.of("00000000-0000-0000-0000-000000000000", entry().spiffeId());
		assertFails(() -> this.connection.newX509Svid(other, this.agentKey), FailureReason.ENTRY_NOT_FOUND);
		assertFails(() -> this.connection.newJwtSvid(other, List.of("orders")), FailureReason.ENTRY_NOT_FOUND);
	}

	@Test
	@Order(7)
	void bundleOfATrustDomainThatTheServerDoesNotKnowIsNotFoundAndItsOwnIsRefused() {
		assertFails(() -> this.connection.federatedBundle(TrustDomain.of("unknown.example"), Duration.ofSeconds(10)),
				FailureReason.TRUST_BUNDLE_NOT_FOUND);
		assertFails(() -> this.connection.federatedBundle(trustDomain(), Duration.ofSeconds(10)),
				FailureReason.INVALID_REQUEST);
	}

	@Test
	@Order(7)
	void statusIsTaken() {
		this.connection.postStatus("psat-spring-boot/contract");
		assertFails(() -> this.connection.postStatus("x".repeat(256)), FailureReason.INVALID_REQUEST);
	}

	@Test
	@Order(8)
	void serverIsRefusedByAnotherBundleOrTrustDomain() throws Exception {
		byte[] other = otherBundle();
		try (SpireClient client = client(trustDomain(), other)) {
			assertFails(client::trustBundle, FailureReason.SERVER_NOT_TRUSTED);
		}
		try (SpireClient client = client(TrustDomain.of("other.test"), other)) {
			assertFails(client::trustBundle, FailureReason.SERVER_ID_MISMATCH);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			k8s_psat | {"cluster":"no-such-cluster","token":"e30.e30.c2ln"} | CLUSTER_UNKNOWN
			k8s_psat | {"cluster":"CLUSTER","token":"e30.e30.c2ln"}         | TOKEN_REVIEW_FAILED
			k8s_psat | {"cluster":"CLUSTER","token":""}                     | TOKEN_MISSING
			k8s_psat | {"cluster":"","token":"e30.e30.c2ln"}                | CLUSTER_MISSING
			k8s_psat | {"cluster":                                          | PAYLOAD_MALFORMED
			no_such  | {}                                                   | ATTESTOR_MISSING
			""")
	@Order(9)
	void attestationIsRefused(String type, String payload, FailureReason reason) {
		byte[] bytes = payload.replace("CLUSTER", cluster()).getBytes(StandardCharsets.UTF_8);
		assertFails(() -> attest(type, bytes, KeyType.EC_P256.generate()), reason);
	}

	@Test
	@Order(10)
	void anotherAttestationPutsTheAgentOutOfForce() throws Exception {
		KeyPair key = KeyType.EC_P384.generate();
		X509Svid next = attest("k8s_psat", payload(cluster(), token()), key);
		assertThat(next.spiffeId()).isEqualTo(this.agent.spiffeId());
		assertFails(this.connection::authorizedEntries, FailureReason.AGENT_NOT_ACTIVE);
		assertFails(() -> this.connection.postStatus("late"), FailureReason.AGENT_NOT_ACTIVE);
		assertThat(this.connection.trustBundle()).isEqualTo(this.client.trustBundle());
		try (AgentConnection connection = this.client.connect(next, key)) {
			assertThat(connection.authorizedEntries()).isNotEmpty();
		}
	}

	private SpireClient client(TrustDomain trustDomain, byte[] bundle) {
		TrustBundle trusted = TrustBundle.parse(trustDomain, bundle);
		SpireClient.Builder builder = SpireClient.builder(address(), trustDomain, () -> trusted);
		return builder.userAgent("psat-spring-boot/contract").attestTimeout(Duration.ofSeconds(30)).build();
	}

	private static byte[] otherBundle() throws Exception {
		try (SimulatedSpireServer other = SimulatedSpireServer.builder().build()) {
			return other.trustBundle().toPem().getBytes(StandardCharsets.UTF_8);
		}
	}

	/**
	 * Attest, but not faster than a server attests for one address.
	 */
	private X509Svid attest(String type, byte[] payload, KeyPair key) throws InterruptedException {
		if (this.attestedAt != null) {
			Duration left = pause().minus(Duration.between(this.attestedAt, Instant.now()));
			TimeUnit.MILLISECONDS.sleep(Math.max(0, left.toMillis()));
		}
		this.attestedAt = Instant.now();
		return this.client.attest(type, payload, key);
	}

	private AuthorizedEntry entry() {
		List<AuthorizedEntry> entries = this.connection.authorizedEntries();
		return entries.stream()
			.filter((entry) -> expectedId() == null || entry.spiffeId().toString().equals(expectedId()))
			.findFirst()
			.orElseThrow(() -> new AssertionError("None of " + entries));
	}

	private static byte[] payload(String cluster, String token) {
		return "{\"cluster\":\"%s\",\"token\":\"%s\"}".formatted(cluster, token).getBytes(StandardCharsets.UTF_8);
	}

	static void assertFails(ThrowingCallable call, FailureReason reason) {
		assertThatExceptionOfType(SpireException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.reason()).describedAs(ex.getMessage()).isEqualTo(reason));
	}

}
