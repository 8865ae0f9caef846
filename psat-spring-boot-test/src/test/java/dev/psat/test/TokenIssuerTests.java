package dev.psat.test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.psat.test.Workload.ObjectReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenIssuer}.
 */
class TokenIssuerTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T22:00:00.9Z"), ZoneOffset.UTC);

	private static final long NOW = Instant.parse("2026-11-24T22:00:00Z").getEpochSecond();

	private static final Map<SigningAlgorithm, SigningKey> KEYS = new EnumMap<>(SigningAlgorithm.class);

	private final JsonMapper json = new JsonMapper();

	private final Workload workload = new Workload("shop", new ObjectReference("cart", "sa-uid"),
			new ObjectReference("cart-0", "pod-uid"), new ObjectReference("worker", "node-uid"));

	@Test
	void issueHasClaimsOfApiServer() {
		JsonNode claims = Tokens.claims(issuer(SigningAlgorithm.ES256, Duration.ZERO).issue());
		assertThat(claims.get("jti").asString()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
		assertThat(claims).isEqualTo(this.json.readTree("""
				{
				  "aud": ["spire-server", "other"],
				  "exp": %d,
				  "iat": %d,
				  "iss": "https://kubernetes.default.svc.cluster.local",
				  "jti": "%s",
				  "kubernetes.io": {
				    "namespace": "shop",
				    "node": {"name": "worker", "uid": "node-uid"},
				    "pod": {"name": "cart-0", "uid": "pod-uid"},
				    "serviceaccount": {"name": "cart", "uid": "sa-uid"}
				  },
				  "nbf": %d,
				  "sub": "system:serviceaccount:shop:cart"
				}""".formatted(NOW + 600, NOW, claims.get("jti").asString(), NOW)));
		assertThat(List.copyOf(claims.propertyNames())).isSorted();
	}

	@Test
	void issueTwiceInOneSecondGivesDifferentTokens() {
		TokenIssuer issuer = issuer(SigningAlgorithm.RS256, Duration.ZERO);
		assertThat(Tokens.claims(issuer.issue()).get("jti")).isNotEqualTo(Tokens.claims(issuer.issue()).get("jti"));
	}

	@Test
	void issueShiftsTimesBySkew() {
		JsonNode claims = Tokens.claims(issuer(SigningAlgorithm.ES256, Duration.ofMinutes(-5)).issue());
		assertThat(claims.get("iat").asLong()).isEqualTo(NOW - 300);
		assertThat(claims.get("nbf").asLong()).isEqualTo(NOW - 300);
		assertThat(claims.get("exp").asLong()).isEqualTo(NOW + 300);
	}

	@ParameterizedTest
	@EnumSource
	void issueSignsSoThatKeySetVerifies(SigningAlgorithm algorithm) throws GeneralSecurityException {
		TokenIssuer issuer = issuer(algorithm, Duration.ZERO);
		JsonNode key = onlyKey(issuer);
		String token = issuer.issue();
		assertThat(verifies(key, token)).isTrue();
		assertThat(verifies(key, token.replaceFirst("\\.ey", ".eY"))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "ES256, 86", "RS256, 342" })
	void issueNamesAlgorithmAndKeyAsKubernetesDoes(SigningAlgorithm algorithm, int signatureLength)
			throws GeneralSecurityException {
		TokenIssuer issuer = issuer(algorithm, Duration.ZERO);
		String token = issuer.issue();
		byte[] encodedKey = publicKey(onlyKey(issuer)).getEncoded();
		String keyId = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(MessageDigest.getInstance("SHA-256").digest(encodedKey));
		assertThat(Tokens.header(token))
			.isEqualTo(this.json.createObjectNode().put("alg", algorithm.name()).put("kid", keyId));
		assertThat(token.split("\\.")[2]).hasSize(signatureLength);
	}

	@ParameterizedTest
	@EnumSource
	void jwksHasOnePublicSigningKey(SigningAlgorithm algorithm) {
		JsonNode key = onlyKey(issuer(algorithm, Duration.ZERO));
		assertThat(key.get("use").asString()).isEqualTo("sig");
		assertThat(key.get("alg").asString()).isEqualTo(algorithm.name());
		assertThat(key.propertyNames()).doesNotContain("d", "p", "q");
	}

	@Test
	void jwksPadsCoordinates() {
		assertThat(SigningKey.coordinate(BigInteger.ONE)).isEqualTo("A".repeat(41) + "AE");
		assertThat(SigningKey.coordinate(BigInteger.ONE.shiftLeft(255))).isEqualTo("gA" + "A".repeat(41));
	}

	private TokenIssuer issuer(SigningAlgorithm algorithm, Duration clockSkew) {
		return new TokenIssuer(KEYS.computeIfAbsent(algorithm, SigningKey::generate), this.workload,
				List.of("spire-server", "other"), Duration.ofMinutes(10), CLOCK, clockSkew);
	}

	private JsonNode onlyKey(TokenIssuer issuer) {
		JsonNode keys = this.json.readTree(issuer.jwks()).get("keys");
		assertThat(keys).hasSize(1);
		return keys.get(0);
	}

	private static boolean verifies(JsonNode key, String token) throws GeneralSecurityException {
		boolean elliptic = key.get("kty").asString().equals("EC");
		Signature signature = Signature.getInstance(elliptic ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
		signature.initVerify(publicKey(key));
		int end = token.lastIndexOf('.');
		signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
		return signature.verify(decode(token.substring(end + 1)));
	}

	private static PublicKey publicKey(JsonNode key) throws GeneralSecurityException {
		if (key.get("kty").asString().equals("RSA")) {
			return KeyFactory.getInstance("RSA")
				.generatePublic(new RSAPublicKeySpec(integer(key.get("n")), integer(key.get("e"))));
		}
		AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
		parameters.init(new ECGenParameterSpec("secp256r1"));
		ECPoint point = new ECPoint(integer(key.get("x")), integer(key.get("y")));
		return KeyFactory.getInstance("EC")
			.generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
	}

	private static BigInteger integer(JsonNode value) {
		return new BigInteger(1, decode(value.asString()));
	}

	private static byte[] decode(String value) {
		return Base64.getUrlDecoder().decode(value);
	}

}
