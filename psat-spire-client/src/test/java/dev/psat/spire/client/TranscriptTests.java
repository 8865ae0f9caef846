package dev.psat.spire.client;

import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The bytes of a real SPIRE Server, by our messages and values.
 */
class TranscriptTests {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	/**
	 * Of an entry the recording has all: also its parent, DNS names and lifetimes.
	 */
	@ParameterizedTest
	@MethodSource("okSteps")
	void answerHoldsNothingUnknownButWhatTheMaskLeavesOut(Transcripts.Step step) throws InvalidProtocolBufferException {
		Set<Integer> leftOut = step.rpc().equals("entry.GetAuthorizedEntries") ? Set.of(3, 5, 9, 10, 13) : Set.of();
		assertThat(unknownFields(answer(step))).flatExtracting((unknown) -> unknown.asMap().keySet())
			.isSubsetOf(leftOut);
	}

	@ParameterizedTest
	@MethodSource("requests")
	void requestIsWrittenAsItWasByAnother(Transcripts.Step step) throws InvalidProtocolBufferException {
		com.google.protobuf.Message request = parser(step, true).parseFrom(step.request());
		assertThat(unknownFields(request)).isEmpty();
		assertThat(request.toByteArray()).isEqualTo(step.request());
	}

	@Test
	void attestationCarriesPayloadAndRequestForTheKeyOfTheSvid() throws InvalidProtocolBufferException {
		Transcripts.Step step = Transcripts.step("attest");
		AttestAgentRequest.Params params = AttestAgentRequest.parseFrom(step.request()).getParams();
		assertThat(params.getData().getType()).isEqualTo("k8s_psat");
		assertThat(params.getData().getPayload().toStringUtf8()).startsWith("{\"cluster\":\"demo\",\"token\":\"ey");
		X509Svid svid = attested(step, "bundle");
		assertThat(svid.spiffeId().toString()).startsWith("spiffe://example.org/spire/agent/k8s_psat/demo/pod/");
		assertThat(svid.chain()).hasSize(1);
		assertThat(Duration.between(svid.issuedAt(), step.at())).isBetween(Duration.ofSeconds(-1),
				Duration.ofSeconds(1));
		assertThat(Duration.between(svid.issuedAt(), svid.expiresAt())).isEqualTo(Duration.ofHours(1));
		assertThat(params.getParams().getCsr().toByteArray()).containsSequence(svid.leaf().getPublicKey().getEncoded());
	}

	@Test
	void nodeModeHasAnotherAgentId() {
		assertThat(attested(Transcripts.step("node-mode-attest"), "node-mode-bundle").spiffeId().path())
			.matches("/spire/agent/k8s_psat/nodes/[0-9a-f-]{36}");
	}

	@Test
	void svidOfAnotherKeyOrIdIsRefused() {
		Transcripts.Step step = Transcripts.step("x509svid");
		Message message = issued(step);
		Answers answers = answers(step.at(), bundle("bundle"));
		assertThat(answers.x509Svid(message, keyOf(message), ORDERS::equals, "orders")).satisfies((svid) -> {
			assertThat(svid.spiffeId()).isEqualTo(ORDERS);
			assertThat(svid.hint()).isEqualTo("orders");
			assertThat(Duration.between(svid.issuedAt(), svid.expiresAt())).isEqualTo(Duration.ofMinutes(10));
		});
		assertInvalid(() -> answers.x509Svid(message, KeyType.EC_P256.generate(), ORDERS::equals, null),
				"a different key");
		assertInvalid(() -> answers.x509Svid(message, keyOf(message), (id) -> false, null), "was not requested");
		assertInvalid(() -> answers(step.at(), bundle("rotation-revoked-bundle")).x509Svid(message, keyOf(message),
				ORDERS::equals, null), "does not chain");
	}

	@Test
	void entriesAreRead() {
		Transcripts.Step step = Transcripts.step("entries");
		List<AuthorizedEntry> entries = answers(step.at(), bundle("bundle")).entries(entries());
		assertThat(entries).singleElement().satisfies((entry) -> {
			assertThat(entry.spiffeId()).isEqualTo(ORDERS);
			assertThat(entry.hint()).isEqualTo("orders");
			assertThat(entry.selectors()).containsExactlyInAnyOrder(new Selector("k8s", "ns:shop"),
					new Selector("k8s", "sa:orders"));
			assertThat(entry.createdAt()).isBefore(step.at());
			assertThat(entry.admin() || entry.downstream() || entry.storeSvid()).isFalse();
		});
	}

	@Test
	void jwtSvidIsReadAndShowsNoPartOfItself() throws InvalidProtocolBufferException {
		Transcripts.Step step = Transcripts.step("jwtsvid");
		AuthorizedEntry entry = answers(step.at(), bundle("bundle")).entries(entries()).get(0);
		List<String> audience = NewJWTSVIDRequest.parseFrom(step.request()).getAudienceList();
		Message response = reply(step).message(FieldNumbers.NEW_JWTSVID_RESPONSE_SVID);
		Answers answers = answers(step.at(), bundle("bundle"));
		JwtSvid svid = answers.jwtSvid(response, entry, audience);
		assertThat(svid.spiffeId()).isEqualTo(ORDERS);
		assertThat(svid.audience()).isEqualTo(audience);
		assertThat(Duration.between(svid.issuedAt(), svid.expiresAt())).isEqualTo(Duration.ofMinutes(5));
		assertThat(svid.toString()).doesNotContain(svid.token().split("\\.")[1]);
		assertInvalid(() -> answers.jwtSvid(response, entry, List.of("another")), "audiences");
		AuthorizedEntry other = TestEntry.of("id", SpiffeId.of(TRUST_DOMAIN, "/other"));
		assertInvalid(() -> answers.jwtSvid(response, other, audience), "a SPIFFE ID other than");
	}

	@Test
	void rotationOfTheAuthorityShowsInTheBundles() {
		assertThat(bundle("bundle")).satisfies((bundle) -> {
			assertThat(bundle.x509Authorities()).extracting(X509Authority::tainted).containsExactly(false);
			assertThat(bundle.jwtAuthorities()).hasSize(1);
			assertThat(bundle.refreshHint()).isNull();
		});
		assertThat(bundle("rotation-prepared-bundle").x509Authorities()).extracting(X509Authority::tainted)
			.containsExactly(false, false);
		assertThat(bundle("rotation-tainted-bundle").x509Authorities()).extracting(X509Authority::tainted)
			.containsExactlyInAnyOrder(true, false);
		assertThat(bundle("rotation-revoked-bundle").x509Authorities()).hasSize(1)
			.doesNotContainAnyElementsOf(bundle("bundle").x509Authorities());
		assertThat(Stream.of("prepared", "activated", "tainted", "revoked")
			.map((step) -> bundle("rotation-" + step + "-bundle").sequenceNumber())).isSorted();
	}

	@ParameterizedTest
	@ValueSource(strings = { "prepared", "activated", "tainted", "revoked" })
	void serverIsVerifiedThroughTheRotation(String phase) throws Exception {
		Transcripts.Step step = Transcripts.step("rotation-" + phase + "-bundle");
		verifier(step.at(), bundle(step.name())).verify(leaf("rotation-" + phase + "-server-leaf.der"));
	}

	@Test
	void serverOfARevokedAuthorityIsRefused() {
		Transcripts.Step step = Transcripts.step("rotation-revoked-bundle");
		assertThatExceptionOfType(ServerVerifier.RejectedException.class)
			.isThrownBy(() -> verifier(step.at(), bundle(step.name())).verify(leaf("server-leaf.der")))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.SERVER_NOT_TRUSTED));
	}

	@Test
	void agentOfTheSameTrustDomainIsNoServer() {
		Transcripts.Step step = Transcripts.step("attest");
		List<java.security.cert.X509Certificate> agent = attested(step, "bundle").chain();
		assertThatExceptionOfType(ServerVerifier.RejectedException.class)
			.isThrownBy(() -> verifier(step.at(), bundle("bundle")).verify(agent))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.SERVER_ID_MISMATCH));
	}

	@Test
	void serverOfAnotherTrustDomainIsRefused() {
		ServerVerifier verifier = ServerVerifier.of(TrustDomain.of("example.com"), () -> bundle("bundle"),
				clock(Transcripts.step("bundle").at()));
		assertThatExceptionOfType(ServerVerifier.RejectedException.class)
			.isThrownBy(() -> verifier.verify(leaf("server-leaf.der")))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.SERVER_ID_MISMATCH))
			.withMessageContaining("spiffe://example.org/spire/server");
	}

	@Test
	void bundleOfAnotherTrustDomainIsRefused() {
		Answers answers = new Answers(TrustDomain.of("example.com"), () -> bundle("bundle"), Clock.systemUTC());
		Message message = reply(Transcripts.step("bundle"));
		assertThatExceptionOfType(SpireException.class).isThrownBy(() -> answers.trustBundle(message))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_TRUST_BUNDLE))
			.withMessageContaining("example.org");
	}

	@Test
	void emptyBundleIsRefused() {
		Message message = Messages.of(Bundle.newBuilder().setTrustDomain("example.org").build());
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> answers(Instant.EPOCH, bundle("bundle")).trustBundle(message))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_TRUST_BUNDLE));
	}

	@Test
	void unknownEntryIsAResultAndNoError() throws InvalidProtocolBufferException {
		BatchNewX509SVIDResponse response = BatchNewX509SVIDResponse
			.parseFrom(Transcripts.step("x509svid-unknown-entry").reply());
		assertThat(response.getResultsList()).singleElement()
			.satisfies(
					(result) -> assertThat(ServerFailure
						.of("127.0.0.1",
								new GrpcStatus(result.getStatus().getCode(), result.getStatus().getMessage(),
										new byte[0]))
						.reason()).isEqualTo(FailureReason.ENTRY_NOT_FOUND));
	}

	static Stream<Transcripts.Step> okSteps() {
		return Transcripts.steps().stream().filter(Transcripts.Step::isOk);
	}

	static Stream<Transcripts.Step> requests() {
		return Transcripts.steps()
			.stream()
			.filter((step) -> step.request().length > 0 && !step.rpc().equals("agent.RenewAgent"));
	}

	private static com.google.protobuf.Message answer(Transcripts.Step step) throws InvalidProtocolBufferException {
		return parser(step, false).parseFrom(step.reply());
	}

	private static Parser<? extends com.google.protobuf.Message> parser(Transcripts.Step step, boolean request) {
		return switch (step.rpc()) {
			case "agent.AttestAgent" -> request ? AttestAgentRequest.parser() : AttestAgentResponse.parser();
			case "agent.PostStatus" -> PostStatusRequest.parser();
			case "bundle.GetBundle" -> Bundle.parser();
			case "entry.GetAuthorizedEntries" -> GetAuthorizedEntriesResponse.parser();
			case "svid.BatchNewX509SVID" ->
				request ? BatchNewX509SVIDRequest.parser() : BatchNewX509SVIDResponse.parser();
			case "svid.NewJWTSVID" -> request ? NewJWTSVIDRequest.parser() : NewJWTSVIDResponse.parser();
			default -> throw new IllegalArgumentException(step.rpc());
		};
	}

	private static List<UnknownFieldSet> unknownFields(com.google.protobuf.Message message) {
		return Stream
			.concat(Stream.of(message.getUnknownFields()),
					message.getAllFields()
						.values()
						.stream()
						.flatMap((value) -> (value instanceof List<?> list) ? list.stream() : Stream.of(value))
						.filter(com.google.protobuf.Message.class::isInstance)
						.flatMap((value) -> unknownFields((com.google.protobuf.Message) value).stream()))
			.filter((unknown) -> !unknown.asMap().isEmpty())
			.toList();
	}

	private static TrustBundle bundle(String step) {
		return new Answers(TRUST_DOMAIN, () -> {
			throw new AssertionError();
		}, Clock.systemUTC()).trustBundle(reply(Transcripts.step(step)));
	}

	private static X509Svid attested(Transcripts.Step step, String bundle) {
		Message message = reply(step).message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)
			.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT_SVID);
		return answers(step.at(), bundle(bundle)).x509Svid(message, keyOf(message), (id) -> true, null);
	}

	private static Message issued(Transcripts.Step step) {
		return reply(step).messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS)
			.get(0)
			.message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_SVID);
	}

	private static List<Message> entries() {
		return reply(Transcripts.step("entries")).messages(FieldNumbers.GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES);
	}

	private static Message reply(Transcripts.Step step) {
		return Messages.of(step.reply());
	}

	/**
	 * Return the key of the SVID: the private one is gone with the cluster.
	 */
	private static KeyPair keyOf(Message svid) {
		return new KeyPair(Certificates.read(svid.all(FieldNumbers.X509SVID_CERT_CHAIN).get(0)).getPublicKey(), null);
	}

	private static Answers answers(Instant at, TrustBundle bundle) {
		return new Answers(TRUST_DOMAIN, () -> bundle, clock(at));
	}

	private static ServerVerifier verifier(Instant at, TrustBundle bundle) {
		return ServerVerifier.of(TRUST_DOMAIN, () -> bundle, clock(at));
	}

	private static Clock clock(Instant at) {
		return Clock.fixed(at, ZoneOffset.UTC);
	}

	private static List<java.security.cert.X509Certificate> leaf(String file) {
		return List.of(Certificates.read(Transcripts.bytes(file)));
	}

	private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
		assertThatExceptionOfType(SpireException.class).isThrownBy(call)
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_SVID));
	}

}
