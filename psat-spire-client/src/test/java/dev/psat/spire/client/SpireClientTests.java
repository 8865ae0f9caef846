package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.JWTSVID;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.spire.test.proto.PostStatusResponse;
import dev.psat.spire.test.proto.SPIFFEID;
import dev.psat.spire.test.proto.Status;
import dev.psat.spire.test.proto.X509SVID;
import dev.psat.support.Patience;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link SpireClient}.
 */
class SpireClientTests {

	private static final String SERVER_ID = "spiffe://example.org/spire/server";

	private static final String AGENT_ID = "spiffe://example.org/spire/agent/k8s_psat/demo/pod/1";

	private static final byte[] PAYLOAD = "{\"cluster\":\"demo\",\"token\":\"secret\"}"
		.getBytes(StandardCharsets.UTF_8);

	private static final AuthorizedEntry ENTRY = new Answers.Entry("entry-1", SpiffeId.parse(TestAuthority.ORDERS),
			List.of(), List.of(), false, false, false, 0, "orders", Instant.EPOCH, false);

	private final TestAuthority authority = TestAuthority.root("Authority");

	private final KeyPair key = KeyType.EC_P256.generate();

	private ScriptedServer server;

	private SpireClient client;

	@BeforeEach
	void start() {
		this.server = new ScriptedServer(this.authority, SERVER_ID);
		this.client = client(this.authority.bundle()).userAgent("tests/1").build();
	}

	@AfterEach
	void close() {
		this.client.close();
		this.server.close();
	}

	@Test
	void attestationSendsPayloadAndRequestAndReturnsTheAgentSvid() throws Exception {
		attested(svid(AGENT_ID, this.key));
		X509Svid agent = this.client.attest("k8s_psat", PAYLOAD, this.key);
		assertThat(agent.spiffeId()).hasToString(AGENT_ID);
		ScriptedServer.Request request = this.server.requests.get(0);
		assertThat(request.method()).isEqualTo("spire.api.server.agent.v1.Agent/AttestAgent");
		assertThat(request.userAgent()).isEqualTo("tests/1");
		AttestAgentRequest.Params params = AttestAgentRequest.parseFrom(request.message()).getParams();
		assertThat(params.getData().getType()).isEqualTo("k8s_psat");
		assertThat(params.getData().getPayload().toByteArray()).isEqualTo(PAYLOAD);
		assertThat(params.getParams().getCsr().toByteArray()).containsSequence(this.key.getPublic().getEncoded());
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.com/spire/agent/k8s_psat/demo/pod/1",
			"spiffe://example.org/spire/server", "spiffe://example.org/ns/shop/sa/orders" })
	void onlyAnAgentOfTheTrustDomainIsAnAgent(String id) throws Exception {
		attested(svid(id, this.key));
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.INVALID_SVID);
	}

	@ParameterizedTest
	@ValueSource(strings = { "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg",
			"c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg", "eyJzdWIiOiJvcmRlcnMi", "c2lnbmF0dXJlIG9mIHRo..." })
	void messageThatQuotesTheTokenIsNotPassedOn(String quote) {
		this.server.refuse(GrpcMethod.ATTEST_AGENT,
				io.grpc.Status.PERMISSION_DENIED.withDescription("token review failed: invalid bearer token " + quote));
		byte[] payload = ("{\"cluster\":\"demo\",\"token\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ."
				+ "c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg\"}")
			.getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> this.client.attest("k8s_psat", payload, this.key))
			.withMessage("The SPIRE Server refused the attestation with a message that quotes the token")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.PERMISSION_DENIED));
	}

	@Test
	void messageOfARefusalIsPassedOn() {
		this.server.refuse(GrpcMethod.ATTEST_AGENT,
				io.grpc.Status.PERMISSION_DENIED.withDescription("attestation of production-cluster-of-example.org"));
		byte[] payload = "{\"cluster\":\"production-cluster-of-example.org\",\"token\":\"eyJ.e30.c2ln\"}"
			.getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> this.client.attest("k8s_psat", payload, this.key))
			.withMessageContaining("production-cluster-of-example.org");
	}

	@Test
	void challengeIsRefused() {
		this.server.answer(GrpcMethod.ATTEST_AGENT,
				AttestAgentResponse.newBuilder().setChallenge(ByteString.copyFromUtf8("?")).build());
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.CHALLENGED);
	}

	@Test
	void answerWithoutAnAgentSvidIsRefused() {
		this.server.answer(GrpcMethod.ATTEST_AGENT, AttestAgentResponse.getDefaultInstance());
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> this.client.attest("k8s_psat", PAYLOAD, this.key))
			.withMessage("The SPIRE Server returned no agent SVID")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_SVID));
		attested(X509SVID.getDefaultInstance());
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.INVALID_SVID);
		attested(X509SVID.newBuilder().addCertChain(ByteString.copyFromUtf8("garbage")).build());
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.INVALID_SVID);
	}

	@Test
	void agentSvidOfAnotherKeyIsRefused() throws Exception {
		attested(svid(AGENT_ID, KeyType.EC_P256.generate()));
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.INVALID_SVID);
	}

	@Test
	void serverThatNobodyVouchesForIsSentNothing() {
		try (SpireClient client = client(TestAuthority.root("Other").bundle()).build()) {
			assertFails(() -> client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.SERVER_NOT_TRUSTED);
			assertFails(client::trustBundle, FailureReason.SERVER_NOT_TRUSTED);
		}
		assertThat(this.server.requests).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { AGENT_ID, TestAuthority.ORDERS, "spiffe://example.com/spire/server" })
	void otherMemberOfATrustDomainIsSentNothing(String id) {
		try (ScriptedServer other = new ScriptedServer(this.authority, id);
				SpireClient client = SpireClient
					.builder(other.address(), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
					.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
					.build()) {
			assertFails(() -> client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.SERVER_ID_MISMATCH);
			assertThat(other.requests).isEmpty();
		}
	}

	/**
	 * What the client has sent encrypted is an alert at most: two bytes, one for its
	 * type, sixteen of the tag.
	 */
	@ParameterizedTest
	@CsvSource({ "another authority, spiffe://example.org/spire/server, SERVER_NOT_TRUSTED",
			"authority, spiffe://example.com/spire/server, SERVER_ID_MISMATCH",
			"authority, spiffe://example.org/ns/shop/sa/orders, SERVER_ID_MISMATCH",
			"authority, https://example.org, SERVER_NOT_TRUSTED" })
	void payloadDoesNotLeaveForAServerThatIsNotAccepted(String signer, String id, FailureReason reason)
			throws Exception {
		TestAuthority other = signer.equals("authority") ? this.authority : TestAuthority.root(signer);
		try (ScriptedServer stranger = new ScriptedServer(other, id)) {
			TlsTap tap = new TlsTap(stranger.address().port(), false);
			try (RawServer wire = RawServer.plain(tap);
					SpireClient client = SpireClient
						.builder(wire.address(), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
						.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
						.build()) {
				assertFails(() -> client.attest("k8s_psat", PAYLOAD, this.key), reason);
				Awaitility.await().until(() -> tap.ended);
			}
			assertThat(tap.records).hasPositiveValue();
			assertThat(tap.encrypted.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(19);
			assertThat(stranger.requests).isEmpty();
		}
	}

	@Test
	void endOfTlsBeforeTheServerIsToldInOneSentence() {
		try (ScriptedServer balancer = new ScriptedServer(this.authority, "https://example.org");
				SpireClient client = SpireClient
					.builder(balancer.address(), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
					.build()) {
			assertThatExceptionOfType(SpireException.class).isThrownBy(client::trustBundle)
				.withMessage("%s at 127.0.0.1 is not accepted: its certificate is not an X.509-SVID, "
						+ "\"https://example.org\" is not a valid SPIFFE ID: it does not begin with spiffe://; "
						+ "is TLS terminated before the SPIRE Server?", balancer.address());
		}
	}

	@Test
	void trustBundleOfTheMomentDecides() throws Exception {
		TestAuthority next = TestAuthority.root("Next");
		attested(X509SVID.newBuilder()
			.addCertChain(der(next.sign(TestAuthority.unsigned().uri(AGENT_ID).key(this.key.getPublic()))))
			.build());
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.INVALID_SVID);
		TrustBundle both = TestAuthority.bundle(this.authority.certificate(), next.certificate());
		try (SpireClient client = client(both).build()) {
			assertThat(client.attest("k8s_psat", PAYLOAD, this.key).spiffeId()).hasToString(AGENT_ID);
		}
	}

	@Test
	void trustBundleThatCannotBeHadIsToldAndNothingIsSent() {
		Map<String, Supplier<TrustBundle>> suppliers = Map.of("bundle.pem is gone", () -> {
			throw new IllegalStateException("bundle.pem is gone");
		}, "the trust bundle must not be null", () -> null);
		suppliers.forEach((problem, supplier) -> {
			try (SpireClient client = client(supplier).build()) {
				assertFails(() -> client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.SERVER_NOT_TRUSTED);
				assertThatExceptionOfType(SpireException.class).isThrownBy(client::trustBundle)
					.withMessageContaining("127.0.0.1")
					.withMessageContaining("The server could not be verified: " + problem)
					.withRootCauseInstanceOf(RuntimeException.class);
			}
		});
		assertThat(this.server.requests).isEmpty();
	}

	@Test
	void trustBundleThatCannotBeHadWhenAnSvidComesIsTold() throws Exception {
		attested(svid(AGENT_ID, this.key));
		AtomicInteger asked = new AtomicInteger();
		try (SpireClient client = client(() -> {
			if (asked.incrementAndGet() > 1) {
				throw new IllegalStateException("bundle.pem is gone");
			}
			return this.authority.bundle();
		}).build()) {
			assertThatExceptionOfType(SpireException.class)
				.isThrownBy(() -> client.attest("k8s_psat", PAYLOAD, this.key))
				.withMessageEndingWith("could not be verified: bundle.pem is gone")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_SVID));
		}
	}

	@Test
	void trustBundleIsRead() throws Exception {
		this.server.answer(GrpcMethod.GET_BUNDLE, Bundle.newBuilder()
			.setTrustDomain("example.org")
			.addX509Authorities(authority(this.authority, true))
			.addJwtAuthorities(jwtAuthority().setExpiresAt(TestAuthority.NOW.getEpochSecond()))
			.addJwtAuthorities(JWTKey.newBuilder().setKeyId("unknown").setPublicKey(ByteString.copyFromUtf8("key")))
			.setSequenceNumber(7)
			.setRefreshHint(300)
			.build());
		TrustBundle bundle = this.client.trustBundle();
		assertThat(bundle.x509Authorities()).containsExactly(new X509Authority(this.authority.certificate(), true));
		assertThat(bundle.jwtAuthorities())
			.containsExactly(new JwtAuthority("one", this.key.getPublic(), TestAuthority.NOW, false));
		assertThat(bundle.sequenceNumber()).isEqualTo(7);
		assertThat(bundle.refreshHint()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void trustBundleThatIsNoneIsRefused() throws Exception {
		Bundle.Builder bundle = Bundle.newBuilder()
			.setTrustDomain("example.org")
			.addX509Authorities(authority(this.authority, false));
		for (Bundle none : List.of(Bundle.getDefaultInstance(), bundle.clone().clearX509Authorities().build(),
				bundle.clone().setTrustDomain("example.com").build(),
				bundle.clone().addJwtAuthorities(JWTKey.getDefaultInstance()).build(),
				bundle.clone().addJwtAuthorities(jwtAuthority().setExpiresAt(Long.MAX_VALUE)).build(),
				bundle.clone()
					.addX509Authorities(dev.psat.spire.test.proto.X509Certificate.getDefaultInstance())
					.build())) {
			this.server.answer(GrpcMethod.GET_BUNDLE, none);
			assertFails(this.client::trustBundle, FailureReason.INVALID_TRUST_BUNDLE);
		}
	}

	@Test
	void entriesComeWithAllThatIsKnownOfThem() throws InvalidProtocolBufferException {
		Entry entry = Entry.newBuilder()
			.setId("entry-1")
			.setSpiffeId(SPIFFEID.newBuilder().setTrustDomain("example.org").setPath("/a"))
			.addSelectors(selector("k8s", "ns:shop"))
			.addFederatesWith("example.com")
			.setAdmin(true)
			.setDownstream(true)
			.setStoreSvid(true)
			.setRevisionNumber(3)
			.setHint("hint")
			.setCreatedAt(10)
			.setAdditionalAttributes(Entry.AdditionalAttributes.newBuilder().setJwtSvidIncludeJti(true))
			.build();
		this.server.answer(GrpcMethod.GET_AUTHORIZED_ENTRIES,
				GetAuthorizedEntriesResponse.newBuilder()
					.addEntries(entry)
					.addEntries(entry.toBuilder().clearId())
					.addEntries(entry.toBuilder().setSpiffeId(SPIFFEID.newBuilder().setTrustDomain("UPPER")))
					.addEntries(entry.toBuilder().setSpiffeId(SPIFFEID.newBuilder().setTrustDomain("example.org")))
					.addEntries(entry.toBuilder().clearSelectors())
					.addEntries(entry.toBuilder().addSelectors(selector("", "ns:shop")))
					.addEntries(entry.toBuilder().addSelectors(selector("k8s:ns", "shop")))
					.addEntries(entry.toBuilder().addSelectors(selector("k8s", "")))
					.addEntries(entry.toBuilder().addFederatesWith("UPPER"))
					.addEntries(entry.toBuilder().setCreatedAt(Long.MAX_VALUE))
					.build());
		assertThat(connect().authorizedEntries())
			.containsExactly(new Answers.Entry("entry-1", SpiffeId.parse("spiffe://example.org/a"),
					List.of(new Selector("k8s", "ns:shop")), List.of("example.com"), true, true, true, 3, "hint",
					Instant.ofEpochSecond(10), true))
			.allSatisfy((read) -> {
				assertThat(read.selectors()).isUnmodifiable();
				assertThat(read.federatesWith()).isUnmodifiable();
			});
		assertThat(GetAuthorizedEntriesRequest.parseFrom(this.server.requests.get(0).message())
			.getOutputMask()
			.getAllFields()).hasSize(10).values().containsOnly(true);
	}

	@Test
	void x509SvidIsForTheEntryAndTheKey() throws Exception {
		issued(svid(TestAuthority.ORDERS, this.key));
		X509Svid svid = connect().newX509Svid(ENTRY, this.key);
		assertThat(svid.spiffeId()).isEqualTo(ENTRY.spiffeId());
		assertThat(svid.hint()).isEqualTo("orders");
		BatchNewX509SVIDRequest request = BatchNewX509SVIDRequest.parseFrom(this.server.requests.get(0).message());
		assertThat(request.getParamsList()).singleElement()
			.satisfies((params) -> assertThat(params.getEntryId()).isEqualTo("entry-1"));
		issued(svid(AGENT_ID, this.key));
		assertFails(() -> connect().newX509Svid(ENTRY, this.key), FailureReason.INVALID_SVID);
	}

	@Test
	void resultWithAStatusOfItsOwnIsAFailure() {
		this.server.answer(GrpcMethod.BATCH_NEW_X509_SVID,
				BatchNewX509SVIDResponse.newBuilder()
					.addResults(BatchNewX509SVIDResponse.Result.newBuilder()
						.setStatus(Status.newBuilder().setCode(5).setMessage("entry not found or not authorized")))
					.build());
		assertFails(() -> connect().newX509Svid(ENTRY, this.key), FailureReason.ENTRY_NOT_FOUND);
		this.server.answer(GrpcMethod.BATCH_NEW_X509_SVID, BatchNewX509SVIDResponse.getDefaultInstance());
		assertFails(() -> connect().newX509Svid(ENTRY, this.key), FailureReason.INVALID_SVID);
	}

	@Test
	void jwtSvidIsForTheEntryAndTheAudiences() {
		String token = jwt(claims("[\"a\",\"b\",\"c\"]", times(0, 300)));
		issued(token);
		JwtSvid svid = connect().newJwtSvid(ENTRY, List.of("a", "b"));
		assertThat(svid).usingRecursiveComparison()
			.isEqualTo(new JwtSvid(ENTRY.spiffeId(), token, List.of("a", "b", "c"), TestAuthority.NOW,
					TestAuthority.NOW.plusSeconds(300), "orders"));
		issued(jwt(claims("\"a\"", times(0, 300))));
		assertThat(connect().newJwtSvid(ENTRY, List.of("a")).audience()).containsExactly("a");
		assertFails(() -> connect().newJwtSvid(ENTRY, List.of("a", "b")), FailureReason.INVALID_SVID);
	}

	@Test
	void jwtSvidThatArrivesLateIsHandedOver() throws Exception {
		issued(jwt(claims("\"a\"", times(0, 300))));
		AgentConnection connection = connect();
		JwtSvid svid = connection.newJwtSvid(ENTRY, List.of("a"), Duration.ofSeconds(10), (late) -> {
		});
		CompletableFuture<JwtSvid> late = new CompletableFuture<>();
		this.server.go = new CountDownLatch(1);
		assertFails(() -> connection.newJwtSvid(ENTRY, List.of("a"), Duration.ofMillis(500), late::complete),
				FailureReason.TIMED_OUT);
		this.server.go.countDown();
		assertThat(late.get(Patience.SECONDS, TimeUnit.SECONDS)).usingRecursiveComparison().isEqualTo(svid);
	}

	@Test
	void jwtSvidExpiresWhenItsTokenDoes() {
		for (int clockAhead : List.of(-4000, 0, 4000)) {
			issued(jwt(claims("\"a\"", times(-clockAhead, 300 - clockAhead))));
			assertThat(connect().newJwtSvid(ENTRY, List.of("a")).expiresAt())
				.isEqualTo(TestAuthority.NOW.plusSeconds(300 - clockAhead));
		}
		for (String times : List.of("", "\"iat\":1", "\"exp\":9999999999", "\"iat\":\"1\",\"exp\":9999999999",
				"\"iat\":1.5,\"exp\":9999999999", "\"iat\":1,\"exp\":" + Long.MAX_VALUE, "\"iat\":1,\"exp\":1e10",
				times(300, 300), times(300, 200))) {
			issued(jwt(claims("\"a\"", times)));
			assertFails(() -> connect().newJwtSvid(ENTRY, List.of("a")), FailureReason.INVALID_SVID);
		}
	}

	@Test
	void jwtSvidWithAMalformedAudienceIsRefused() {
		for (String audience : List.of("null", "1", "[\"a\",1]", "[\"a\",null]", "{}", "[[\"a\"]]", "[]")) {
			issued(jwt(claims(audience, times(0, 300))));
			assertFails(() -> connect().newJwtSvid(ENTRY, List.of("a")), FailureReason.INVALID_SVID);
		}
	}

	private static String claims(String audience, String times) {
		return "{\"sub\":\"%s\",\"aud\":%s%s}".formatted(TestAuthority.ORDERS, audience,
				times.isEmpty() ? "" : "," + times);
	}

	private static String times(long issuedAt, long expiresAt) {
		long now = TestAuthority.NOW.getEpochSecond();
		return "\"iat\":%d,\"exp\":%d".formatted(now + issuedAt, now + expiresAt);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"sub\":1,\"aud\":\"a\"}", "{\"sub\":\"spiffe://example.org/x\",\"aud\":[\"a\"]}",
			"{\"sub\":\"spiffe://example.org/ns/shop/sa/orders\"}", "[]", "no JSON" })
	void jwtOfAnotherIsRefusedAndNotQuoted(String claims) {
		String token = jwt(claims);
		issued(token);
		assertThatExceptionOfType(SpireException.class).isThrownBy(() -> connect().newJwtSvid(ENTRY, List.of("a")))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_SVID))
			.satisfies((ex) -> assertThat(ex).message().doesNotContain(token, token.split("\\.")[1]))
			.withNoCause();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a.b", "a.!.c", "a.e30.c.d" })
	void whatIsNoJwtIsRefused(String token) {
		issued(token);
		assertFails(() -> connect().newJwtSvid(ENTRY, List.of("a")), FailureReason.INVALID_SVID);
	}

	@Test
	void statusTellsTheVersion() throws InvalidProtocolBufferException {
		this.server.answer(GrpcMethod.POST_STATUS, PostStatusResponse.getDefaultInstance());
		connect().postStatus("psat-spring-boot/1");
		assertThat(PostStatusRequest.parseFrom(this.server.requests.get(0).message()).getAgentVersion())
			.isEqualTo("psat-spring-boot/1");
	}

	@Test
	void closingEndsWhatIsInFlight() throws Exception {
		CompletableFuture<Throwable> attestation = failure(() -> this.client.attest("k8s_psat", PAYLOAD, this.key));
		AgentConnection connection = connect();
		CompletableFuture<Throwable> entries = failure(connection::authorizedEntries);
		// a slow one is followed by a probe
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.server.requests).extracting(ScriptedServer.Request::method)
				.contains(GrpcMethod.ATTEST_AGENT.fullName(), GrpcMethod.GET_AUTHORIZED_ENTRIES.fullName()));
		this.client.close();
		for (CompletableFuture<Throwable> call : List.of(attestation, entries)) {
			assertThat(call.get(Patience.SECONDS, TimeUnit.SECONDS)).isInstanceOfSatisfying(SpireException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.CANCELLED));
		}
		assertFails(this.client::trustBundle, FailureReason.CANCELLED);
		assertFails(connection::authorizedEntries, FailureReason.CANCELLED);
		assertFails(() -> this.client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.CANCELLED);
		assertFails(connect()::authorizedEntries, FailureReason.CANCELLED);
	}

	@Test
	void closedConnectionLeavesTheClientOpen() throws Exception {
		AgentConnection connection = connect();
		connection.close();
		assertFails(connection::authorizedEntries, FailureReason.CANCELLED);
		this.server.answer(GrpcMethod.GET_BUNDLE,
				Bundle.newBuilder()
					.setTrustDomain("example.org")
					.addX509Authorities(authority(this.authority, false))
					.build());
		assertThat(this.client.trustBundle().x509Authorities()).hasSize(1);
	}

	@Test
	void callsHaveTimeouts() {
		try (SpireClient client = client(this.authority.bundle()).callTimeout(Duration.ofMillis(300))
			.attestTimeout(Duration.ofMillis(300))
			.build()) {
			assertFails(client::trustBundle, FailureReason.TIMED_OUT);
			assertFails(() -> client.attest("k8s_psat", PAYLOAD, this.key), FailureReason.TIMED_OUT);
		}
		SpireClient.Builder builder = client(this.authority.bundle());
		assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.attestTimeout(Duration.ofSeconds(-1)));
	}

	@Test
	void userAgentMustBePrintable() {
		SpireClient.Builder builder = client(this.authority.bundle());
		for (String userAgent : List.of("", " ", "a\nb", "a ", "\u00fc", "a\u007f")) {
			assertThatIllegalArgumentException().isThrownBy(() -> builder.userAgent(userAgent))
				.withMessageContaining(Quoted.text(userAgent));
		}
		assertThat(builder.userAgent("psat/1 (a b)")).isSameAs(builder);
	}

	@Test
	void keysOfAnotherTypeAreRefused() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(521);
		KeyPair keys = generator.generateKeyPair();
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.attest("k8s_psat", PAYLOAD, keys));
		assertThatIllegalArgumentException().isThrownBy(() -> connect().newX509Svid(ENTRY, keys));
	}

	private SpireClient.Builder client(TrustBundle bundle) {
		return client(() -> bundle);
	}

	private SpireClient.Builder client(Supplier<TrustBundle> bundle) {
		return SpireClient.builder(this.server.address(), TestAuthority.TRUST_DOMAIN, bundle)
			.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC));
	}

	private AgentConnection connect() {
		KeyPair agentKey = KeyType.EC_P256.generate();
		X509Certificate agent = this.authority.sign(TestAuthority.unsigned().uri(AGENT_ID).key(agentKey.getPublic()));
		return this.client.connect(X509Svid.of(List.of(agent), null), agentKey);
	}

	private void attested(X509SVID svid) {
		this.server.answer(GrpcMethod.ATTEST_AGENT,
				AttestAgentResponse.newBuilder()
					.setResult(AttestAgentResponse.Result.newBuilder().setSvid(svid).setReattestable(true))
					.build());
	}

	private void issued(X509SVID svid) {
		this.server.answer(GrpcMethod.BATCH_NEW_X509_SVID,
				BatchNewX509SVIDResponse.newBuilder()
					.addResults(BatchNewX509SVIDResponse.Result.newBuilder().setSvid(svid))
					.build());
	}

	private void issued(String token) {
		this.server.answer(GrpcMethod.NEW_JWT_SVID,
				NewJWTSVIDResponse.newBuilder()
					.setSvid(JWTSVID.newBuilder().setToken(token).setIssuedAt(100).setExpiresAt(Long.MAX_VALUE))
					.build());
	}

	private X509SVID svid(String id, KeyPair key) throws CertificateEncodingException {
		return X509SVID.newBuilder()
			.addCertChain(der(this.authority.sign(TestAuthority.unsigned().uri(id).key(key.getPublic()))))
			.build();
	}

	private static dev.psat.spire.test.proto.X509Certificate authority(TestAuthority authority, boolean tainted)
			throws CertificateEncodingException {
		return dev.psat.spire.test.proto.X509Certificate.newBuilder()
			.setAsn1(der(authority.certificate()))
			.setTainted(tainted)
			.build();
	}

	private static dev.psat.spire.test.proto.Selector selector(String type, String value) {
		return dev.psat.spire.test.proto.Selector.newBuilder().setType(type).setValue(value).build();
	}

	private JWTKey.Builder jwtAuthority() {
		return JWTKey.newBuilder().setKeyId("one").setPublicKey(ByteString.copyFrom(this.key.getPublic().getEncoded()));
	}

	private static ByteString der(X509Certificate certificate) throws CertificateEncodingException {
		return ByteString.copyFrom(certificate.getEncoded());
	}

	private static String jwt(String claims) {
		Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
		return "e30.%s.c2ln".formatted(encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)));
	}

	private static CompletableFuture<Throwable> failure(ThrowingCallable call) {
		return CompletableFuture.supplyAsync(() -> catchThrowable(call));
	}

	private static void assertFails(ThrowingCallable call, FailureReason reason) {
		assertThatExceptionOfType(SpireException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
	}

}
