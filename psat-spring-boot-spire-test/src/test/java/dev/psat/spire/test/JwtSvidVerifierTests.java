package dev.psat.spire.test;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDResponse;
import dev.psat.support.MutableClock;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.of;

/**
 * Tests for {@link JwtSvidVerifier}: the tokens that SPIRE refuses, each with a signature
 * that holds. {@code KID}, {@code NOW} and {@code END} stand for what is right.
 */
class JwtSvidVerifierTests {

	private static final String HEADER = """
			{"alg":"ES256","kid":"KID","typ":"JWT"}""";

	private static final String CLAIMS = """
			{"sub":"spiffe://example.org/orders","aud":["inventory"],"exp":END,"iat":NOW}""";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.entryCacheReload(Duration.ZERO)
		.build();

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	@BeforeEach
	void becomeAWorkload() {
		this.api.addEntry("spiffe://example.org/orders");
	}

	@Test
	void tokenIsAccepted() {
		ValidateJWTSVIDResponse answer = validate(token(HEADER, CLAIMS));
		assertThat(answer.getSpiffeId()).isEqualTo("spiffe://example.org/orders");
		assertThat(answer.getClaims().getFieldsMap()).containsOnlyKeys("sub", "aud", "exp", "iat");
	}

	@ParameterizedTest
	@MethodSource
	void unusualTokenIsAccepted(String header, String claims) {
		ValidateJWTSVIDResponse answer = validate(token(header, claims));
		assertThat(answer.getClaims().getFieldsOrThrow("aud").getListValue().getValuesList())
			.extracting((value) -> value.getStringValue())
			.contains("inventory");
	}

	static Stream<Arguments> unusualTokenIsAccepted() {
		return Stream.concat(Stream.of("""
				{"alg":"ES256","kid":"KID"}""", """
				{"alg":"ES256","kid":"KID","typ":7,"crit":null,"nonce":null,"jwk":null}""", """
				{"alg":"ES256","kid":"KID","crit":["b64"],"b64":true}""", """
				{"alg":"ES256","kid":"KID","b64":"no"}""", """
				{"alg":"ES256","kid":"KID","crit":[]}""").map((header) -> of(header, CLAIMS)),
				Stream.of(CLAIMS.replace("[\"inventory\"]", "\"inventory\""),
						CLAIMS.replace("[\"inventory\"]", "[\"other\",\"inventory\"]"), CLAIMS.replace("END", "1.9e10"),
						CLAIMS.replace("\"iat\":NOW", "\"iat\":null,\"nbf\":NOW.9"), CLAIMS.replace("/orders", ""),
						CLAIMS.replace("}", ",\"more\":{\"a\":[1,{\"b\":null}]}}"))
					.map((claims) -> of(HEADER, claims)));
	}

	@ParameterizedTest
	@MethodSource
	void headerIsRefused(String header) {
		assertRefused(() -> token(header, CLAIMS));
	}

	static List<String> headerIsRefused() {
		return List.of("""
				{"kid":"KID"}""", """
				{"alg":null,"kid":"KID"}""", """
				{"alg":"","kid":"KID"}""", """
				{"alg":"none","kid":"KID"}""", """
				{"alg":"HS256","kid":"KID"}""", """
				{"alg":"EdDSA","kid":"KID"}""", """
				{"alg":"es256","kid":"KID"}""", """
				{"alg":"ES384","kid":"KID"}""", """
				{"alg":"RS256","kid":"KID"}""", """
				{"alg":"PS256","kid":"KID"}""", """
				{"alg":7,"kid":"KID"}""", """
				{"alg":["ES256"],"kid":"KID"}""", """
				{"ALG":"ES256","kid":"KID"}""", """
				{"alg":"ES256"}""", """
				{"alg":"ES256","kid":null}""", """
				{"alg":"ES256","kid":7}""", """
				{"alg":"ES256","KID":"KID"}""", """
				{"alg":"ES256","alg":"ES256","kid":"KID"}""", """
				{"alg":"ES256","kid":"other","kid":"KID"}""", """
				{"alg":"ES256","kid":"KID","more":{"a":1,"a":1}}""", """
				{"alg":"ES256","kid":"KID","crit":["exp"]}""", """
				{"alg":"ES256","kid":"KID","crit":["b64","exp"],"b64":true}""", """
				{"alg":"ES256","kid":"KID","crit":"b64"}""", """
				{"alg":"ES256","kid":"KID","crit":[7]}""", """
				{"alg":"ES256","kid":"KID","crit":[null]}""", """
				{"alg":"ES256","kid":"KID","b64":false}""", """
				{"alg":"ES256","kid":"KID","crit":["b64"],"b64":false}""", """
				{"alg":"ES256","kid":"KID","nonce":7}""", """
				{"alg":"ES256","kid":"KID","x5c":"none"}""", """
				{"alg":"ES256","kid":"KID","x5c":["bm9uZQ=="]}""", """
				{"alg":"ES256","kid":"KID","jwk":{"kty":"oct","k":"c2VjcmV0"}}""", """
				{"alg":"ES256","kid":"KID","jwk":{"kty":"EC"}}""", """
				{"alg":"ES256","kid":"KID","jwk":7}""", """
				{"alg":"ES256","kid":"KID","more":1e999}""", """
				["ES256"]""", """
				null""", """
				"ES256\"""", "", "{", HEADER + "x", "\uFEFF" + HEADER);
	}

	@ParameterizedTest
	@MethodSource
	void claimsAreRefused(String claims) {
		assertRefused(() -> token(HEADER, claims));
	}

	static List<String> claimsAreRefused() {
		return List.of(CLAIMS.replace("}", ",\"nbf\":END}"), CLAIMS.replace("NOW", "END"),
				CLAIMS.replace("}", ",\"nbf\":\"NOW\"}"), CLAIMS.replace("NOW", "\"NOW\""),
				CLAIMS.replace("END", "\"END\""), CLAIMS.replace("END", "true"), CLAIMS.replace("END", "null"),
				CLAIMS.replace("END", "[END]"), CLAIMS.replace("END", "{}"), CLAIMS.replace("END", "NOW-"),
				CLAIMS.replace("END", "1e999"), CLAIMS.replace("END", "1e300"), CLAIMS.replace("END", "0"),
				CLAIMS.replace("\"exp\"", "\"EXP\""), CLAIMS.replace(",\"exp\":END", ""),
				CLAIMS.replace("[\"inventory\"]", "[\"inventory\",7]"),
				CLAIMS.replace("[\"inventory\"]", "[\"inventory\",null]"),
				CLAIMS.replace("[\"inventory\"]", "[[\"inventory\"]]"), CLAIMS.replace("[\"inventory\"]", "null"),
				CLAIMS.replace("[\"inventory\"]", "7"), CLAIMS.replace("[\"inventory\"]", "{\"inventory\":true}"),
				CLAIMS.replace("[\"inventory\"]", "[]"), CLAIMS.replace("[\"inventory\"]", "\"Inventory\""),
				CLAIMS.replace("\"aud\":[\"inventory\"],", ""), CLAIMS.replace("\"spiffe://example.org/orders\"", "7"),
				CLAIMS.replace("\"spiffe://example.org/orders\"", "null"),
				CLAIMS.replace("spiffe://example.org/orders", ""),
				CLAIMS.replace("spiffe://example.org/orders", "example.org"),
				CLAIMS.replace("spiffe://example.org/orders", "spiffe://example.org/"),
				CLAIMS.replace("spiffe://example.org/orders", "spiffe://EXAMPLE.org/orders"),
				CLAIMS.replace("spiffe://example.org/orders", "https://example.org/orders"),
				CLAIMS.replace("}", ",\"exp\":END}"), CLAIMS.replace("}", ",\"more\":{\"a\":1,\"a\":1}}"),
				CLAIMS.replace("}", ",\"more\":1e999}"), CLAIMS.replace("}", ",\"iss\":7}"),
				CLAIMS.replace("}", ",\"jti\":7}"), CLAIMS + "x", "\uFEFF" + CLAIMS, "[" + CLAIMS + "]", "null", "7",
				"");
	}

	@Test
	void otherSpellingsAreRefusedOrReadAsGoReadsThem() {
		String token = token(HEADER, CLAIMS);
		assertRefused(() -> token + "=");
		assertRefused(() -> " " + token);
		assertRefused(() -> token + ".");
		assertRefused(() -> token.replace('.', '+'));
		assertRefused(() -> token.substring(0, token.lastIndexOf('.') + 1));
		String[] parts = token.split("\\.");
		assertThat(validate("\n" + parts[0] + "\r\n." + parts[1] + "\n." + parts[2] + "\n").getSpiffeId())
			.isEqualTo("spiffe://example.org/orders");
	}

	@Test
	void leewayIsAMinute() {
		String token = token(HEADER, CLAIMS.replace("NOW", "END"));
		this.clock.advance(Duration.ofSeconds(239));
		assertRefused(() -> token);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(validate(token).getSpiffeId()).isNotEmpty();
		this.clock.advance(Duration.ofSeconds(119));
		assertThat(validate(token).getSpiffeId()).isNotEmpty();
		this.clock.advance(Duration.ofSeconds(2));
		assertRefused(() -> token);
	}

	private void assertRefused(Supplier<String> token) {
		assertThat(TestClient.status(() -> validate(token.get())).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
	}

	private ValidateJWTSVIDResponse validate(String token) {
		return this.client.validate(token, "inventory");
	}

	private String token(String header, String claims) {
		JwtAuthority authority = this.server.jwtAuthority().active();
		long now = this.clock.instant().getEpochSecond();
		return authority.token(header.replace("\"KID\"", "\"" + authority.keyId() + "\""),
				claims.replace("NOW", String.valueOf(now)).replace("END", String.valueOf(now + 300)));
	}

}
