package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.JWTSVID;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewX509SVIDParams;
import dev.psat.spire.test.proto.Status;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidService}.
 */
class SvidServiceTests {

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().clock(this.clock).build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.x509SvidTtl(Duration.ofMinutes(10))
		.jwtSvidTtl(Duration.ofMinutes(2))
		.entryCacheReload(Duration.ZERO)
		.workload(this.kubelet)
		.build();

	@AutoClose
	private final TestClient client = TestClient.of(this.server, TestClient.attest(this.server, this.kubelet.token()));

	private final String entryId = this.server.register(this.kubelet, "simulated");

	private final byte[] csr = TestCsr.of(Certificates.newKeyPair());

	@ParameterizedTest
	@ValueSource(strings = { "secp256r1", "secp384r1", "RSA" })
	void svidHasKeyOfRequest(String algorithm) throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.equals("RSA") ? "RSA" : "EC");
		if (!algorithm.equals("RSA")) {
			generator.initialize(new ECGenParameterSpec(algorithm));
		}
		KeyPair keys = generator.generateKeyPair();
		TestSvid svid = TestSvid.of(keys, this.client.x509Svid(this.entryId, TestCsr.of(keys)).getSvid());
		assertThat(svid.leaf().getPublicKey()).isEqualTo(keys.getPublic());
		assertThat(svid.id()).isEqualTo("spiffe://example.org/ns/default/sa/default");
		assertThat(svid.leaf().getNotAfter().toInstant().getEpochSecond())
			.isEqualTo(this.clock.instant().plus(Duration.ofMinutes(10)).getEpochSecond());
		svid.leaf().verify(TestSvid.certificate(this.client.bundle().getX509Authorities(0).getAsn1()).getPublicKey());
	}

	@Test
	void refusedPartOfBatchHasAStatusOfItsOwn() {
		assertThat(status("", this.csr)).isEqualTo(status(3, "missing entry ID"));
		assertThat(status(this.entryId, new byte[0])).isEqualTo(status(3, "missing CSR"));
		assertThat(status("unknown", this.csr)).isEqualTo(status(5, "entry not found or not authorized"));
		assertThat(status(this.entryId, new byte[] { 0x30, 0 }))
			.isEqualTo(status(3, "malformed CSR: asn1: structure error"));
		byte[] foreign = TestCsr.of(Certificates.newKeyPair(), Certificates.newKeyPair());
		assertThat(status(this.entryId, foreign))
			.isEqualTo(status(3, "invalid CSR signature: x509: verification failure"));
	}

	@Test
	void batchIsAnsweredInItsOrder() {
		NewX509SVIDParams good = NewX509SVIDParams.newBuilder()
			.setEntryId(this.entryId)
			.setCsr(ByteString.copyFrom(this.csr))
			.build();
		BatchNewX509SVIDRequest request = BatchNewX509SVIDRequest.newBuilder()
			.addParams(good)
			.addParams(NewX509SVIDParams.getDefaultInstance())
			.addParams(good)
			.build();
		assertThat(this.client.call(SpireMethods.BATCH_NEW_X509_SVID, request).getResultsList())
			.extracting((result) -> result.getStatus().getCode())
			.containsExactly(0, 3, 0);
	}

	@Test
	void batchMustHaveOneTo500Parts() {
		assertThat(TestClient.status(
				() -> this.client.call(SpireMethods.BATCH_NEW_X509_SVID, BatchNewX509SVIDRequest.getDefaultInstance()))
			.getDescription()).isEqualTo("missing parameters");
		BatchNewX509SVIDRequest.Builder large = BatchNewX509SVIDRequest.newBuilder();
		Stream.generate(NewX509SVIDParams::getDefaultInstance).limit(501).forEach(large::addParams);
		assertThat(TestClient.status(() -> this.client.call(SpireMethods.BATCH_NEW_X509_SVID, large.build())).getCode())
			.isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
	}

	@Test
	void entrySetsLifetimes() throws Exception {
		this.server.entries()
			.change(this.entryId,
					(entry) -> entry.x509SvidTtl(Duration.ofMinutes(1)).jwtSvidTtl(Duration.ofSeconds(30)));
		assertThat(this.client.x509Svid(this.entryId).leaf().getNotAfter().toInstant().getEpochSecond())
			.isEqualTo(this.clock.instant().plus(Duration.ofMinutes(1)).getEpochSecond());
		JWTSVID svid = jwtSvid("billing");
		assertThat(svid.getExpiresAt() - svid.getIssuedAt()).isEqualTo(30);
	}

	@Test
	void jwtSvidVerifiesWithKeyOfTrustBundle() throws Exception {
		JWTSVID svid = jwtSvid("billing", "shipping");
		JWTKey key = this.client.bundle().getJwtAuthorities(0);
		var publicKey = java.security.KeyFactory.getInstance("EC")
			.generatePublic(new java.security.spec.X509EncodedKeySpec(key.getPublicKey().toByteArray()));
		assertThat(KubeletKeys.verify(svid.getToken(), publicKey)).isTrue();
		JsonNode claims = PsatClaims.decode(svid.getToken().split("\\.")[1]);
		assertThat(claims.get("aud").valueStream().map(JsonNode::asString)).containsExactly("billing", "shipping");
		assertThat(claims.get("sub").asString()).isEqualTo("spiffe://example.org/ns/default/sa/default");
		assertThat(claims.has("jti")).isFalse();
		assertThat(PsatClaims.decode(svid.getToken().split("\\.")[0]).get("kid").asString()).isEqualTo(key.getKeyId());
		assertThat(svid.getExpiresAt() - svid.getIssuedAt()).isEqualTo(120);
	}

	@Test
	void jwtSvidHasAJtiIfEntrySaysSo() {
		this.server.entries().change(this.entryId, (entry) -> entry.jwtSvidIncludeJti(true));
		assertThat(PsatClaims.decode(jwtSvid("billing").getToken().split("\\.")[1]).has("jti")).isTrue();
	}

	@Test
	void jwtSvidNeedsEntryAndAudience() {
		assertThat(TestClient.status(() -> jwtSvid()).getDescription()).isEqualTo("at least one audience is required");
		assertThat(TestClient
			.status(() -> this.client.call(SpireMethods.NEW_JWT_SVID,
					NewJWTSVIDRequest.newBuilder().setEntryId("unknown").build()))
			.getDescription()).isEqualTo("entry not found or not authorized");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					spiffe://example.org/spire/agent/x | "spiffe://example.org/spire/agent/x" is not a workload in trust domain "example.org"; path is in the reserved namespace
					spiffe://example.org/spire         | "spiffe://example.org/spire" is not a workload in trust domain "example.org"; path is in the reserved namespace
					spiffe://example.org               | "spiffe://example.org" is not a workload in trust domain "example.org"; path is empty
					spiffe://other.example/ns          | "spiffe://other.example/ns" is not a member of trust domain "example.org"
					spiffe://example.org.evil/ns       | "spiffe://example.org.evil/ns" is not a member of trust domain "example.org"
					spiffe://example.org/a b           | path segment characters are limited to letters, numbers, dots, dashes, and underscores
					""")
	void jwtSvidIsForWorkloadsAlone(String id, String fault) {
		this.server.entries().change(this.entryId, (entry) -> entry.spiffeId(id));
		io.grpc.Status status = TestClient.status(this::jwtSvid);
		assertThat(status.getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
		assertThat(status.getDescription()).isEqualTo("invalid SPIFFE ID: " + fault);
	}

	@Test
	void nameThatOnlyBeginsAsTheReservedOneIsThatOfAWorkload() {
		this.server.entries().change(this.entryId, (entry) -> entry.spiffeId("spiffe://example.org/spirea"));
		assertThat(jwtSvid("billing").getId().getPath()).isEqualTo("/spirea");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org", "spiffe://other.example/ns", "spiffe://example.org/a b" })
	void x509SvidIsForMembersOfTheTrustDomainAlone(String id) {
		this.server.entries().change(this.entryId, (entry) -> entry.spiffeId(id));
		assertThat(status(this.entryId, this.csr)).isEqualTo(status(13, "entry has malformed SPIFFE ID"));
	}

	@Test
	void serverWithoutJwtSvidsHasNoJwtAuthority() {
		try (SimulatedSpireServer x509Only = SimulatedSpireServer.builder()
			.disableJwtSvids()
			.entryCacheReload(Duration.ZERO)
			.workload(this.kubelet)
			.build(); TestClient agent = TestClient.of(x509Only, TestClient.attest(x509Only, this.kubelet.token()))) {
			NewJWTSVIDRequest request = NewJWTSVIDRequest.newBuilder().setEntryId("unknown").build();
			io.grpc.Status status = TestClient.status(() -> agent.call(SpireMethods.NEW_JWT_SVID, request));
			assertThat(status.getCode()).isEqualTo(io.grpc.Status.Code.UNIMPLEMENTED);
			assertThat(status.getDescription()).isEqualTo("JWT functionality is disabled");
			assertThat(agent.bundle().getJwtAuthoritiesList()).isEmpty();
			assertThat(x509Only.trustBundle().toJwks()).contains("x509-svid").doesNotContain("jwt-svid");
			assertThat(agent.x509Svid(agent.entries().get(0).getId()).id())
				.isEqualTo("spiffe://example.org/ns/default/sa/default");
		}
	}

	private JWTSVID jwtSvid(String... audiences) {
		NewJWTSVIDRequest.Builder request = NewJWTSVIDRequest.newBuilder().setEntryId(this.entryId);
		Stream.of(audiences).forEach(request::addAudience);
		return this.client.call(SpireMethods.NEW_JWT_SVID, request.build()).getSvid();
	}

	private Status status(String entryId, byte[] request) {
		return this.client.x509Svid(entryId, request).getStatus();
	}

	private static Status status(int code, String message) {
		return Status.newBuilder().setCode(code).setMessage(message).build();
	}

}
