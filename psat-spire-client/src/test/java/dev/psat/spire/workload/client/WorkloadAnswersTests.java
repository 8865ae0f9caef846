package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spiffe.CostlyKeys;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkloadAnswers}.
 */
class WorkloadAnswersTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private static final SpiffeId ORDERS = SpiffeId.parse(TestAuthority.ORDERS);

	private static final Set<String> AUDIENCE = Set.of("billing");

	private static final long SECONDS = TestAuthority.NOW.getEpochSecond();

	private static final String POINT = "\"crv\":\"P-256\",\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","
			+ "\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"";

	private final TestAuthority root = TestAuthority.root("root");

	private final TestAuthority partner = TestAuthority.root("partner");

	private final WorkloadAnswers answers = new WorkloadAnswers();

	@Test
	void svidComesWithItsKeyAndItsTrustBundle() {
		TestAuthority intermediate = this.root.intermediate("intermediate");
		X509Certificate leaf = intermediate.leaf();
		TestAuthority next = TestAuthority.root("next");
		Svid svid = svid().withChain(leaf, intermediate.certificate())
			.withBundle(this.root.certificate(), next.certificate())
			.withHint("orders");
		WorkloadX509Update update = x509(svid);
		assertThat(update.svids()).singleElement().satisfies((read) -> {
			assertThat(read.svid().spiffeId()).isEqualTo(ORDERS);
			assertThat(read.svid().chain()).containsExactly(leaf, intermediate.certificate());
			assertThat(read.svid().hint()).isEqualTo("orders");
			assertThat(read.privateKey()).isEqualTo(TestAuthority.KEYS.getPrivate());
			assertThat(read.trustBundle()).isEqualTo(TestAuthority.bundle(this.root.certificate(), next.certificate()));
		});
		assertThat(update.federatedBundles()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void keysOfEveryTypeAreRead(KeyType type) {
		KeyPair keys = type.generate();
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).key(keys.getPublic()));
		assertThat(x509(svid().withChain(leaf).withKey(keys)).svids().get(0).privateKey()).isEqualTo(keys.getPrivate());
	}

	@Test
	void hintThatIsEmptyIsNone() {
		assertThat(x509(svid()).svids().get(0).svid().hint()).isNull();
	}

	@Test
	void firstOfEqualHintsWins() {
		Svid other = svid("spiffe://example.org/other").withHint("a");
		assertThat(
				x509(svid().withHint("a"), other, other.withHint("b"), other.withHint(""), other.withHint("")).svids())
			.extracting((read) -> read.svid().hint())
			.containsExactly("a", "b", null, null);
		assertThat(x509(svid().withHint("a"), other).svids()).singleElement()
			.satisfies((read) -> assertThat(read.svid().spiffeId()).isEqualTo(ORDERS));
	}

	@Test
	void messageWithoutAnSvidIsRefused() {
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(this::x509)
			.withMessage("The agent returned no X.509-SVID")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_SVID));
	}

	@Test
	void oneBadSvidDiscardsTheWholeMessage() {
		assertInvalid("something that is not an X.509-SVID: ", svid(), svid().withChain());
	}

	@Test
	void svidThatIsAnnouncedAsAnotherIsRefused() {
		assertInvalid("an X.509-SVID for %s as that of \"spiffe://example.org/other\"".formatted(ORDERS),
				svid().withId("spiffe://example.org/other"));
		assertInvalid("an X.509-SVID for %s as that of \"\"".formatted(ORDERS), svid().withId(""));
	}

	@Test
	void chainThatIsCutOffOrHasMoreIsRefused() {
		byte[] chain = encoded(this.root.leaf());
		assertInvalid("something that is not an X.509-SVID: an element of DER is cut off", svid().with(
				(message) -> message.bytes(WorkloadFields.X509SVID_X509_SVID, Arrays.copyOf(chain, chain.length - 1))));
		assertInvalid("something that is not an X.509-SVID: an element of DER is cut off", svid().with(
				(message) -> message.bytes(WorkloadFields.X509SVID_X509_SVID, Arrays.copyOf(chain, chain.length + 1))));
	}

	@Test
	void keyOfAnotherSvidIsRefused() {
		assertInvalid("an X.509-SVID for %s with a different key".formatted(ORDERS),
				svid().withKey(KeyType.EC_P256.generate()));
		assertInvalid("an X.509-SVID for %s with a different key".formatted(ORDERS),
				svid().withKey(KeyType.EC_P384.generate()));
	}

	@Test
	void keyThatCannotBeReadIsRefusedWithoutAWordOfIt() {
		byte[] key = TestAuthority.KEYS.getPrivate().getEncoded();
		String expected = "an X.509-SVID for %s with a key that is malformed or of another type than EC"
			.formatted(ORDERS);
		for (byte[] wrong : List.of(new byte[] { 0 }, Arrays.copyOf(key, key.length - 1),
				KeyType.RSA_2048.generate().getPrivate().getEncoded())) {
			Svid svid = svid().with((message) -> message.bytes(WorkloadFields.X509SVID_X509_SVID_KEY, wrong));
			assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> x509(svid))
				.withMessage("The agent returned " + expected)
				.withNoCause();
		}
	}

	@Test
	void descriptionsHoldNoKey() {
		WorkloadX509Update update = x509(svid());
		byte[] key = TestAuthority.KEYS.getPrivate().getEncoded();
		assertThat(update.toString()).contains(ORDERS.toString())
			.doesNotContain(Base64.getEncoder().encodeToString(key).substring(40, 60))
			.doesNotContain(HexFormat.of().formatHex(key).substring(80, 120));
		assertThat(update.svids().get(0)).hasToString("WorkloadX509Svid[svid=%s, trustBundle=%s]"
			.formatted(update.svids().get(0).svid(), update.svids().get(0).trustBundle()));
	}

	@Test
	void svidOfAnAuthorityThatIsGoneComesWithTheTrustBundleThatLacksIt() {
		WorkloadX509Svid svid = x509(svid().withBundle(this.partner.certificate())).svids().get(0);
		assertThat(svid.trustBundle().x509Authorities()).extracting(X509Authority::certificate)
			.containsExactly(this.partner.certificate());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> svid.trustBundle().verifyIssued(svid.svid(), svid.svid().issuedAt()));
	}

	@Test
	void svidWithoutATrustBundleIsRefused() {
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> x509(svid().withBundle()))
			.withMessage("The agent returned a trust bundle of example.org that cannot be used: "
					+ "there is no X.509 authority")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_TRUST_BUNDLE));
	}

	@Test
	void trustBundleThatCannotBeReadIsRefused() {
		Svid svid = svid().with((message) -> message.bytes(WorkloadFields.X509SVID_BUNDLE, new byte[] { 1 }));
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> x509(svid))
			.withMessageStartingWith("The agent returned a trust bundle of example.org that cannot be used: ")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_TRUST_BUNDLE));
	}

	@Test
	void federatedBundlesAreThoseOfTheirTrustDomains() {
		Message answer = message(svid().writer(), federated("spiffe://partner.org", this.partner.certificate()));
		assertThat(this.answers.x509(answer).federatedBundles()).containsOnlyKeys(PARTNER)
			.containsEntry(PARTNER, TrustBundle.of(PARTNER,
					List.of(new X509Authority(this.partner.certificate(), false)), List.of(), null, null));
	}

	@Test
	void federatedBundleMayBeEmpty() {
		assertThat(this.answers.x509(message(svid().writer(), federated("spiffe://partner.org"))).federatedBundles())
			.hasEntrySatisfying(PARTNER, (bundle) -> assertThat(bundle.isEmpty()).isTrue());
	}

	@Test
	void federatedBundleThatCannotBeReadIsLeftOutAlone() {
		Message answer = message(svid().writer(),
				new MessageWriter().text(WorkloadFields.MAP_KEY, "spiffe://broken.org")
					.bytes(WorkloadFields.MAP_VALUE, new byte[] { 0x30, 5, 1 }),
				federated("not a trust domain", this.partner.certificate()),
				federated("spiffe://partner.org", this.partner.certificate()));
		assertThat(this.answers.x509(answer).federatedBundles()).containsOnlyKeys(PARTNER);
	}

	@Test
	void federatedBundleWithMoreAuthoritiesThanAHandshakeMayTryIsLeftOut() {
		X509Certificate[] many = Collections.nCopies(200, this.partner.certificate()).toArray(X509Certificate[]::new);
		X509Certificate[] tooMany = Collections.nCopies(201, this.partner.certificate())
			.toArray(X509Certificate[]::new);
		Message answer = message(svid().writer(), federated("partner.org", many), federated("many.org", tooMany));
		assertThat(this.answers.x509(answer).federatedBundles()).containsOnlyKeys(PARTNER);
	}

	@Test
	void federatedAuthorityWhoseKeyCostsTooMuchIsLeftOutAlone() {
		List<X509Certificate> large = CostlyKeys.large().stream().map(this::authority).toList();
		List<X509Certificate> authorities = new ArrayList<>(large);
		CostlyKeys.tooCostly().stream().map(this::authority).forEach(authorities::add);
		Message answer = message(svid().writer(),
				federated("partner.org", authorities.toArray(X509Certificate[]::new)));
		assertThat(this.answers.x509(answer).federatedBundles()).hasEntrySatisfying(PARTNER,
				(bundle) -> assertThat(bundle.x509Authorities()).extracting(X509Authority::certificate)
					.containsExactlyElementsOf(large));
	}

	@Test
	void keyOfAnOwnAuthorityMayCostWhatItDoes() {
		X509Certificate costly = authority(CostlyKeys.tooCostly().get(1));
		Svid svid = svid().withBundle(this.root.certificate(), costly);
		assertThat(x509(svid).svids().get(0).trustBundle().x509Authorities()).extracting(X509Authority::certificate)
			.contains(costly);
	}

	private X509Certificate authority(PublicKey key) {
		return this.partner.sign(TestAuthority.unsigned().ca(null).subject("costly").key(key));
	}

	@Test
	void jwtAuthorityWhoseKeyCostsTooMuchIsLeftOutAlone() {
		String keys = Stream.concat(CostlyKeys.tooCostly().stream(), CostlyKeys.large().stream())
			.filter(RSAPublicKey.class::isInstance)
			.map(RSAPublicKey.class::cast)
			.map((key) -> "{\"kty\":\"RSA\",\"kid\":\"%d\",\"n\":\"%s\",\"e\":\"%s\"}"
				.formatted(key.getModulus().bitLength(), number(key.getModulus()), number(key.getPublicExponent())))
			.collect(Collectors.joining(","));
		assertThat(jwtBundles("partner.org", jwks(keys))).hasEntrySatisfying(PARTNER,
				(bundle) -> assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::keyId)
					.containsExactly("8192", "4096"));
	}

	private static String number(BigInteger number) {
		byte[] bytes = number.toByteArray();
		int sign = (bytes[0] == 0) ? 1 : 0;
		return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
	}

	@Test
	void jwkSetThatIsFarLargerThanItsAuthoritiesNeedIsNotRead() {
		String key = "{\"kty\":\"EC\",\"kid\":\"one\",%s}".formatted(POINT);
		String padding = " ".repeat(1024 * 1024);
		assertThat(jwtBundles("partner.org", jwks(key + padding.substring(jwks(key).length()))))
			.containsOnlyKeys(PARTNER);
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> jwtBundles("partner.org", jwks(key + padding)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_TRUST_BUNDLE));
	}

	@Test
	void federatedBundleOfTheOwnTrustDomainDoesNotReplaceIt() {
		Message answer = message(svid().writer(), federated("spiffe://example.org", this.partner.certificate()));
		WorkloadX509Update update = this.answers.x509(answer);
		assertThat(update.federatedBundles()).isEmpty();
		assertThat(update.svids().get(0).trustBundle()).isEqualTo(this.root.bundle());
	}

	@Test
	void jwtAuthoritiesNeedNotNameTheirUse() {
		assertThat(jwtBundles("spiffe://example.org", jwks("{\"kty\":\"EC\",\"kid\":\"one\",%s}".formatted(POINT))))
			.hasEntrySatisfying(TestAuthority.TRUST_DOMAIN, (bundle) -> {
				assertThat(bundle.jwtAuthorities()).extracting((authority) -> authority.keyId()).containsExactly("one");
				assertThat(bundle.x509Authorities()).isEmpty();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"kty\":\"EC\",%s}", "{\"kty\":\"EC\",\"kid\":\"a\",\"use\":\"x509-svid\",%s}",
			"{\"kty\":\"EC\",\"kid\":\"a\",\"use\":\"sig\",%s}", "{\"kty\":\"OKP\",\"kid\":\"a\",%s}", "7",
			"{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}" })
	void jwtAuthorityThatCannotBeUsedIsLeftOutAlone(String key) {
		String good = "{\"kty\":\"EC\",\"kid\":\"good\",\"use\":\"jwt-svid\",%s}".formatted(POINT);
		assertThat(jwtBundles("example.org", jwks(key.formatted(POINT) + "," + good))).hasEntrySatisfying(
				TestAuthority.TRUST_DOMAIN,
				(bundle) -> assertThat(bundle.jwtAuthorities()).extracting((authority) -> authority.keyId())
					.containsExactly("good"));
	}

	@Test
	void bundlesNoneOfWhichCanBeReadAreAFailure() {
		for (String content : List.of("", "[]", "{}", "{\"keys\":7}")) {
			assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> jwtBundles("example.org", content))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_TRUST_BUNDLE));
		}
		assertThat(this.answers.jwtBundles(message(new MessageWriter()))).isEmpty();
	}

	@Test
	void bundlesAloneAreRead() {
		Message answer = message(new MessageWriter().message(WorkloadFields.X509BUNDLES_RESPONSE_BUNDLES,
				federated("spiffe://partner.org", this.partner.certificate())));
		assertThat(this.answers.x509Bundles(answer)).containsOnlyKeys(PARTNER);
	}

	@Test
	void jwtSvidIsThatOfTheRequest() {
		String token = token("{\"sub\":\"%s\",\"aud\":[\"billing\"],\"iat\":%d,\"exp\":%d}".formatted(ORDERS, SECONDS,
				SECONDS + 300));
		assertThat(this.answers.jwtSvids(jwtAnswer(ORDERS.toString(), token, "orders"), AUDIENCE, ORDERS))
			.singleElement()
			.satisfies((read) -> {
				assertThat(read.svid().spiffeId()).isEqualTo(ORDERS);
				assertThat(read.svid().token()).isEqualTo(token);
				assertThat(read.svid().hint()).isEqualTo("orders");
				assertThat(read.svid().expiresAt()).isEqualTo(TestAuthority.NOW.plusSeconds(300));
				assertThat(read.isSingleUse()).isFalse();
				assertThat(read.toString()).doesNotContain(token);
			});
	}

	@Test
	void jwtSvidWithAnIdOfItsOwnIsMeantForASingleUse() {
		String token = token("{\"jti\":\"1\",\"sub\":\"%s\",\"aud\":\"billing\",\"iat\":%d,\"exp\":%d}"
			.formatted(ORDERS, SECONDS, SECONDS + 300));
		assertThat(this.answers.jwtSvids(jwtAnswer(ORDERS.toString(), token, ""), AUDIENCE, null)).singleElement()
			.satisfies((read) -> {
				assertThat(read.isSingleUse()).isTrue();
				assertThat(read.svid().hint()).isNull();
			});
	}

	/**
	 * The clock of this machine may be off the issuer's.
	 */
	@Test
	void jwtSvidIsNotRefusedByTheClockOfThisMachine() {
		String token = token("{\"sub\":\"%s\",\"aud\":\"billing\",\"iat\":1,\"exp\":301}".formatted(ORDERS));
		assertThat(this.answers.jwtSvids(jwtAnswer(ORDERS.toString(), token, ""), AUDIENCE, null)).singleElement()
			.satisfies((read) -> assertThat(read.svid().expiresAt()).isEqualTo(Instant.ofEpochSecond(301)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					spiffe://example.org/other | {"sub":"spiffe://example.org/other","aud":"billing","iat":1,"exp":9999999999} | was not requested
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/other","aud":"billing","iat":1,"exp":9999999999} | a SPIFFE ID other than
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/ns/shop/sa/orders","aud":"other","iat":1,"exp":9999999999} | lacks one of the requested audiences
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/ns/shop/sa/orders","aud":"billing","exp":9999999999} | claim 'iat'
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/ns/shop/sa/orders","aud":"billing","iat":2,"exp":2} | expires at
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/ns/shop/sa/orders","aud":"billing","iat":1,"exp":31556889864403199} | valid until
					spiffe://example.org/ns/shop/sa/orders | {"sub":"spiffe://example.org/ns/shop/sa/orders","aud":"billing","iat":-31557014167219200,"exp":31556889864403199} | valid until
					spiffe://example.org/ns/shop/sa/orders | [] | not a JWT
					orders | {} | without a SPIFFE ID
					""")
	void jwtSvidThatIsNotTheOneRequestedIsRefused(String id, String claims, String problem) {
		Message answer = jwtAnswer(id, token(claims), "");
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.answers.jwtSvids(answer, AUDIENCE, ORDERS))
			.withMessageContaining(problem)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_SVID));
	}

	@Test
	void answerWithoutAJwtSvidIsRefused() {
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.answers.jwtSvids(message(new MessageWriter()), AUDIENCE, null))
			.withMessage("The agent returned no JWT-SVID");
	}

	@Test
	void validatedSubjectIsASpiffeId() {
		assertThat(this.answers.validated(message(
				new MessageWriter().text(WorkloadFields.VALIDATE_JWTSVID_RESPONSE_SPIFFE_ID, ORDERS.toString()))))
			.isEqualTo(ORDERS);
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.answers.validated(message(new MessageWriter())));
	}

	private static String jwks(String keys) {
		return "{\"keys\":[" + keys + "]}";
	}

	private Map<TrustDomain, TrustBundle> jwtBundles(String trustDomain, String jwks) {
		return this.answers.jwtBundles(message(new MessageWriter().message(WorkloadFields.JWT_BUNDLES_RESPONSE_BUNDLES,
				new MessageWriter().text(WorkloadFields.MAP_KEY, trustDomain)
					.bytes(WorkloadFields.MAP_VALUE, jwks.getBytes(StandardCharsets.UTF_8)))));
	}

	private static String token(String claims) {
		Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
		return encoder.encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + "."
				+ encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
	}

	private static Message jwtAnswer(String id, String token, String hint) {
		return message(new MessageWriter().message(WorkloadFields.JWTSVID_RESPONSE_SVIDS,
				new MessageWriter().text(WorkloadFields.JWTSVID_SPIFFE_ID, id)
					.text(WorkloadFields.JWTSVID_SVID, token)
					.text(WorkloadFields.JWTSVID_HINT, hint)));
	}

	private void assertInvalid(String problem, Svid... svids) {
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> x509(svids))
			.withMessageStartingWith("The agent returned " + problem)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_SVID));
	}

	private WorkloadX509Update x509(Svid... svids) {
		MessageWriter answer = new MessageWriter();
		for (Svid svid : svids) {
			answer.message(WorkloadFields.X509SVID_RESPONSE_SVIDS, svid.writer());
		}
		return this.answers.x509(message(answer));
	}

	private static Message message(MessageWriter svid, MessageWriter... federated) {
		MessageWriter answer = new MessageWriter();
		if (federated.length == 0) {
			return message(svid);
		}
		answer.message(WorkloadFields.X509SVID_RESPONSE_SVIDS, svid);
		for (MessageWriter bundle : federated) {
			answer.message(WorkloadFields.X509SVID_RESPONSE_FEDERATED_BUNDLES, bundle);
		}
		return message(answer);
	}

	private static Message message(MessageWriter answer) {
		return new Message(answer.toByteArray(), UnsupportedOperationException::new);
	}

	private static MessageWriter federated(String trustDomain, X509Certificate... authorities) {
		return new MessageWriter().text(WorkloadFields.MAP_KEY, trustDomain)
			.bytes(WorkloadFields.MAP_VALUE, encoded(authorities));
	}

	private static byte[] encoded(X509Certificate... certificates) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (X509Certificate certificate : certificates) {
			try {
				bytes.writeBytes(certificate.getEncoded());
			}
			catch (CertificateEncodingException ex) {
				throw new AssertionError(ex);
			}
		}
		return bytes.toByteArray();
	}

	private Svid svid() {
		return svid(TestAuthority.ORDERS);
	}

	private Svid svid(String id) {
		return new Svid(id, encoded(this.root.sign(TestAuthority.unsigned().uri(id))),
				TestAuthority.KEYS.getPrivate().getEncoded(), encoded(this.root.certificate()), "",
				UnaryOperator.identity());
	}

	/**
	 * An SVID as a message of the agent.
	 */
	private record Svid(String id, byte[] chain, byte[] key, byte[] bundle, String hint,
			UnaryOperator<MessageWriter> change) {

		Svid withId(String id) {
			return new Svid(id, this.chain, this.key, this.bundle, this.hint, this.change);
		}

		Svid withChain(X509Certificate... chain) {
			return new Svid(this.id, encoded(chain), this.key, this.bundle, this.hint, this.change);
		}

		Svid withKey(KeyPair keys) {
			return new Svid(this.id, this.chain, keys.getPrivate().getEncoded(), this.bundle, this.hint, this.change);
		}

		Svid withBundle(X509Certificate... bundle) {
			return new Svid(this.id, this.chain, this.key, encoded(bundle), this.hint, this.change);
		}

		Svid withHint(String hint) {
			return new Svid(this.id, this.chain, this.key, this.bundle, hint, this.change);
		}

		/**
		 * Overwrite a field, the last one of which counts.
		 */
		Svid with(UnaryOperator<MessageWriter> change) {
			return new Svid(this.id, this.chain, this.key, this.bundle, this.hint, change);
		}

		MessageWriter writer() {
			return this.change.apply(new MessageWriter().text(WorkloadFields.X509SVID_SPIFFE_ID, this.id)
				.bytes(WorkloadFields.X509SVID_X509_SVID, this.chain)
				.bytes(WorkloadFields.X509SVID_X509_SVID_KEY, this.key)
				.bytes(WorkloadFields.X509SVID_BUNDLE, this.bundle)
				.text(WorkloadFields.X509SVID_HINT, this.hint));
		}

	}

}
