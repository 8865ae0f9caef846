package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Verifies JWT-SVIDs with signatures of ES256. Source of order and wording:
 * {@code jwtsvid/validate.go}.
 */
final class JwtSvidVerifier {

	private static final JsonMapper json = new JsonMapper();

	private final Map<String, AgentBundle> bundles;

	private final Instant now;

	JwtSvidVerifier(Map<String, AgentBundle> bundles, Instant now) {
		this.bundles = bundles;
		this.now = now;
	}

	/**
	 * Verify a token.
	 * @param token the token
	 * @param audience the audience that it must have
	 * @return the claims
	 * @throws IllegalArgumentException if it is not valid
	 */
	JsonNode verify(String token, String audience) {
		String[] parts = token.split("\\.", -1);
		Assert.isTrue(parts.length == 3,
				"unable to parse JWT token: go-jose/go-jose: compact JWS format must have three parts");
		String keyId = parse(parts[0]).path("kid").asString("");
		Assert.isTrue(!keyId.isEmpty(), "token header missing key id");
		JsonNode claims = parse(parts[1]);
		String subject = claims.path("sub").asString("");
		Assert.isTrue(!subject.isEmpty(), "token missing subject claim");
		Assert.isTrue(claims.has("exp"), "token missing exp claim");
		verifySignature(parts, key(trustDomain(subject), keyId));
		Assert.isTrue(this.now.isBefore(Instant.ofEpochSecond(claims.get("exp").asLong()).plusSeconds(60)),
				"token has expired");
		Assert.isTrue(hasAudience(claims.path("aud"), audience),
				() -> "expected audience in [\"%s\"] (audience=%s)".formatted(audience, claims.path("aud")));
		return claims;
	}

	private static JsonNode parse(String part) {
		try {
			return json.readTree(Base64.getUrlDecoder().decode(part));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new IllegalArgumentException("unable to parse JWT token: " + ex.getMessage(), ex);
		}
	}

	private static String trustDomain(String subject) {
		try {
			return SpiffeIds.trustDomain(subject);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("token has in invalid subject claim: " + ex.getMessage(), ex);
		}
	}

	private ByteString key(String trustDomain, String keyId) {
		AgentBundle bundle = this.bundles.get(trustDomain);
		Assert.isTrue(bundle != null, () -> "no keys found for trust domain \"" + trustDomain + "\"");
		ByteString key = bundle.jwtAuthorities().get(keyId);
		Assert.isTrue(key != null,
				() -> "public key \"" + keyId + "\" not found in trust domain \"" + trustDomain + "\"");
		return key;
	}

	private static void verifySignature(String[] parts, ByteString encoded) {
		@Nullable PublicKey key = PublicJwk.parse("EC", encoded.toByteArray());
		try {
			Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
			signature.initVerify(key);
			signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
			Assert.isTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])), "not verified");
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			throw new IllegalArgumentException("go-jose/go-jose: error in cryptographic primitive", ex);
		}
	}

	private static boolean hasAudience(JsonNode audiences, String audience) {
		if (audiences.isString()) {
			return audiences.asString().equals(audience);
		}
		for (JsonNode each : audiences) {
			if (each.asString("").equals(audience)) {
				return true;
			}
		}
		return false;
	}

}
