package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TokenParser} and what it uses.
 */
class TokenParserTests {

	private static final String CLAIMS = """
			{"aud":["spire-server","other"],"exp":1795572851,"iat":1795572251,"nbf":1795572252,
			"iss":"https://kubernetes.default.svc.cluster.local","jti":"b3e0","sub":"system:serviceaccount:shop:orders",
			"kubernetes.io":{"namespace":"shop","node":{"name":"node-1","uid":"n-1"},"pod":{"name":"orders-0","uid":"p-1"},
			"serviceaccount":{"name":"orders","uid":"s-1"}}}""";

	@Test
	void readsTheClaimsOfABoundToken() {
		ProjectedToken token = ProjectedToken.parse(Tokens.withClaims(CLAIMS));
		assertThat(token.claims()).isEqualTo(TokenClaims.builder()
			.issuer("https://kubernetes.default.svc.cluster.local")
			.subject("system:serviceaccount:shop:orders")
			.audiences(List.of("spire-server", "other"))
			.id("b3e0")
			.namespace("shop")
			.serviceAccount(new TokenClaims.Reference("orders", "s-1"))
			.pod(new TokenClaims.Reference("orders-0", "p-1"))
			.node(new TokenClaims.Reference("node-1", "n-1"))
			.build());
		assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(1795572251));
		assertThat(token.expiresAt()).isEqualTo(Instant.ofEpochSecond(1795572851));
		assertThat(token.times().notBefore()).isEqualTo(Instant.ofEpochSecond(1795572252));
	}

	@Test
	void fingerprintIsTheBeginningOfTheDigestOfTheTrimmedToken() {
		String value = Tokens.of("{\"alg\":\"RS256\"}", "{\"exp\":1}");
		ProjectedToken token = ProjectedToken.parse(value + "\n");
		assertThat(token.value()).isEqualTo(value);
		assertThat(token.fingerprint()).isEqualTo(ProjectedToken.parse(value).fingerprint())
			.matches("sha256:[0-9a-f]{16}");
	}

	@Test
	void textShowsNoPartOfTheToken() {
		ProjectedToken token = ProjectedToken.parse(Tokens.withClaims(CLAIMS));
		assertThat(token.toString()).isEqualTo("ProjectedToken[fingerprint=%s, expiresAt=2026-11-25T02:14:11Z]",
				token.fingerprint());
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "  ", "\t\n " })
	void whiteSpaceAroundATokenIsIgnored(String space) {
		String value = Tokens.withClaims("{\"exp\":1}");
		assertThat(ProjectedToken.parse(space + value + space).value()).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"spire-server\"", "[\"spire-server\"]" })
	void audienceMayBeATextOrAnArray(String audience) {
		assertThat(parseClaims("{\"exp\":1,\"aud\":%s}".formatted(audience)).claims().audiences())
			.containsExactly("spire-server");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "1", "{}", "[\"a\",1]", "[]" })
	void audienceOfAnyOtherFormIsNone(String audience) {
		assertThat(parseClaims("{\"exp\":1,\"aud\":%s}".formatted(audience)).claims().audiences()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"text\"", "null", "[]", "{\"pod\":null}", "{\"pod\":{}}", "{\"pod\":[]}",
			"{\"warnafter\":\"soon\"}", "{\"attestationClaims\":{\"a\":[\"b\"]}}" })
	void kubernetesClaimsOfAnUnknownFormAreAbsent(String claims) {
		ProjectedToken token = parseClaims("{\"exp\":1,\"kubernetes.io\":%s,\"new\":{\"a\":[]}}".formatted(claims));
		assertThat(token.claims().pod()).isNull();
		assertThat(token.times().warnAfter()).isNull();
	}

	@Test
	void nodeWithoutUidIsKept() {
		assertThat(parseClaims("{\"exp\":1,\"kubernetes.io\":{\"node\":{\"name\":\"n\"}}}").claims().node())
			.isEqualTo(new TokenClaims.Reference("n", null));
	}

	@ParameterizedTest
	@MethodSource
	void datesAreRoundedDownToSeconds(String date, long second) {
		assertThat(parseClaims("{\"exp\":%s}".formatted(date)).expiresAt()).isEqualTo(Instant.ofEpochSecond(second));
	}

	static Stream<Arguments> datesAreRoundedDownToSeconds() {
		return Stream.of(Arguments.of("1.5e9", 1_500_000_000L), Arguments.of("1795572851.9", 1_795_572_851L),
				Arguments.of("-1.5", -2), Arguments.of("0", 0), Arguments.of("253402300799", 253_402_300_799L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"exp\":null}", "{\"exp\":\"1\"}", "{\"exp\":true}", "{\"exp\":{}}",
			"{\"exp\":1e300}", "{\"exp\":1795572851000}", "{\"exp\":253402300800}", "{\"exp\":1e999999}",
			"{\"exp\":-1e999999}", "{\"exp\":9223372036854775807}",
			"{\"exp\":111111111111111111111111111111111111111111111111111}", "{\"exp\":1,\"exp\":2}",
			"{\"exp\":1,\"iat\":\"x\"}", "{\"exp\":1,\"nbf\":false}", "{\"exp\":1} x", "{\"exp\":1}{}", "[]", "null",
			"1", "\"exp\"", "", " ", "{", "{\"exp\":1,}", "{'exp':1}", "{\"exp\":NaN}",
			"{\"exp\":1,\"sub\":\"\\ud800\"}", "\ufeff{\"exp\":1}", "{\"exp\":1,\"aud\":\"\\udc00x\"}" })
	void claimsThatAreNoneAreMalformed(String claims) {
		assertMalformed(Tokens.withClaims(claims));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\u00e9", "\u00ff\u00fe", "\u00c0\u00a0", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080" })
	void claimsThatAreNotUtf8AreMalformed(String bytes) {
		byte[] claims = "{\"exp\":1,\"sub\":\"%s\"}".formatted(bytes).getBytes(StandardCharsets.ISO_8859_1);
		assertMalformed(Tokens.encode("{\"alg\":\"RS256\"}") + "."
				+ Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + "." + Tokens.SIGNATURE);
	}

	@Test
	void replacementCharacterIsUnicodeText() {
		assertThat(parseClaims("{\"exp\":1,\"sub\":\"\ufffd\"}").claims().subject()).isEqualTo("\ufffd");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"alg\":null}", "{\"alg\":\"\"}", "{\"alg\":1}", "{\"alg\":\"none\"}",
			"{\"alg\":\"NonE\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"hs512\"}", "[]", "x",
			"{\"alg\":\"RS256\",\"alg\":\"none\"}" })
	void headersThatNameNoSignatureAreMalformed(String header) {
		assertMalformed(Tokens.of(header, "{\"exp\":1}"));
	}

	@Test
	void unknownAlgorithmIsTaken() {
		assertThat(ProjectedToken.parse(Tokens.of("{\"alg\":\"PQ1\"}", "{\"exp\":1}")).algorithm()).isEqualTo("PQ1");
	}

	@ParameterizedTest
	@CsvSource({ "ES256, 64", "ES384, 96", "ES512, 132" })
	void signatureOfAnEllipticCurveHasOneLength(String algorithm, int length) {
		assertThat(ProjectedToken.parse(signed(algorithm, length)).algorithm()).isEqualTo(algorithm);
		assertMalformed(signed(algorithm, length - 1));
		assertMalformed(signed(algorithm, length + 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" })
	void signatureOfAnRsaKeyHasAtLeast2048Bits(String algorithm) {
		assertThat(ProjectedToken.parse(signed(algorithm, 256)).algorithm()).isEqualTo(algorithm);
		assertThat(ProjectedToken.parse(signed(algorithm, 512)).algorithm()).isEqualTo(algorithm);
		assertMalformed(signed(algorithm, 255));
	}

	@Test
	void quotesAnAlgorithmThatIsRejected() {
		assertThatExceptionOfType(TokenUnavailableException.class)
			.isThrownBy(() -> ProjectedToken
				.parse(Tokens.of("{\"alg\":\"HS\\n\\u0000%s\"}".formatted("x".repeat(100)), "{\"exp\":1}")))
			.withMessageContaining("\"HS\\u000a\\u0000" + "x".repeat(60) + "\"...");
	}

	@ParameterizedTest
	@MethodSource
	void contentThatIsNotATokenIsMalformed(String content) {
		assertMalformed(content);
	}

	static Stream<String> contentThatIsNotATokenIsMalformed() {
		String token = Tokens.withClaims("{\"exp\":1}");
		return Stream.of("", " ", "\n", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "..", token + ".", "." + token,
				token.substring(0, token.lastIndexOf('.')), token.substring(0, token.lastIndexOf('.') + 1),
				"Bearer " + token, '"' + token + '"', token + "\n" + token, token + "\u0000", "\ufeff" + token,
				token + "=", token.replace('.', '/'), token.replace(".", ".\u00e9"), "x".repeat(65 * 1024));
	}

	@Test
	void base64UrlIsStrict() {
		String head = Tokens.encode("{\"alg\":\"PQ1\"}") + "." + Tokens.encode("{\"exp\":1}") + ".";
		assertThat(ProjectedToken.parse(head + "AA").value()).endsWith(".AA");
		assertMalformed(head + "AB");
		assertMalformed(head + "AAB");
		assertMalformed(head + "A");
		assertMalformed(head + "AAAAA");
		assertMalformed(head + "A+==");
	}

	@Test
	void claimsHaveToBeUtf8() {
		byte[] utf16 = "{\"exp\":1}".getBytes(StandardCharsets.UTF_16LE);
		byte[] latin1 = "{\"exp\":1,\"sub\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
		for (byte[] claims : new byte[][] { utf16, latin1 }) {
			assertMalformed(Tokens.encode("{\"alg\":\"RS256\"}") + "."
					+ Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + ".c2ln");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"exp\":%s}", "{\"exp\":-%s}", "{\"exp\":1,\"iat\":%s}", "{\"exp\":1,\"nbf\":-%s}",
			"{\"exp\":1,\"kubernetes.io\":{\"warnafter\":%s}}" })
	void datesOfHundredsOfDigitsAreMalformed(String claims) {
		assertMalformed(Tokens.withClaims(claims.formatted("1" + "0".repeat(400))));
	}

	@Test
	void deepOrCrowdedClaimsAreMalformed() {
		assertMalformed(Tokens.withClaims("{\"exp\":1,\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"));
		assertMalformed(Tokens.withClaims("{\"exp\":1,\"a\":[" + "1,".repeat(20_000) + "1]}"));
	}

	@Test
	void largestTokenIsTaken() {
		String token = Tokens.withClaims("{\"exp\":1,\"a\":\"" + "x".repeat(48_600) + "\"}");
		assertThat(token.length()).isBetween(63 * 1024, TokenParser.LARGEST);
		assertThat(ProjectedToken.parse(token).value().equals(token)).isTrue();
	}

	private static String signed(String algorithm, int length) {
		return Tokens.encode("{\"alg\":\"%s\"}".formatted(algorithm)) + "." + Tokens.encode("{\"exp\":1}") + "."
				+ Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
	}

	private static ProjectedToken parseClaims(String claims) {
		return ProjectedToken.parse(Tokens.withClaims(claims));
	}

	private static void assertMalformed(String content) {
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(() -> ProjectedToken.parse(content))
			.withNoCause()
			.satisfies((ex) -> {
				assertThat(ex.sourceState()).isEqualTo(SourceState.MALFORMED);
				assertThat(ex.tokenState()).isEqualTo(TokenState.NONE);
				assertThat(ex.advice()).isNotBlank();
			});
	}

}
