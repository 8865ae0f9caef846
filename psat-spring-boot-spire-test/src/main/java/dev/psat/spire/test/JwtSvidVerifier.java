package dev.psat.spire.test;

import java.time.Instant;
import java.util.Map;

import com.google.protobuf.ByteString;
import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * Verifies JWT-SVIDs as a SPIRE Agent does. Source of order and wording:
 * {@code jwtsvid/validate.go}, and {@code jwt/claims.go} and {@code jwt/validation.go} of
 * go-jose 4.1.4.
 */
final class JwtSvidVerifier {

	private static final int LEEWAY = 60;

	private final Map<String, AgentBundle> bundles;

	private final Instant now;

	JwtSvidVerifier(Map<String, AgentBundle> bundles, Instant now) {
		this.bundles = bundles;
		this.now = now;
	}

	JsonNode verify(String token, String audience) {
		CompactJws jws = parse(token);
		Assert.isTrue(!jws.keyId().isEmpty(), "token header missing key id");
		JsonNode claims = jws.claims();
		checkTypes(claims);
		String subject = GoJson.text(claims.path("sub"));
		Assert.isTrue(!subject.isEmpty(), "token missing subject claim");
		Assert.isTrue(!GoJson.isAbsent(claims.path("exp")), "token missing exp claim");
		jws.verify(key(trustDomain(subject), jws.keyId()));
		checkAudience(claims.path("aud"), audience);
		checkTime(claims);
		return claims;
	}

	private static CompactJws parse(String token) {
		try {
			return CompactJws.parse(token);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("unable to parse JWT token: " + ex.getMessage(), ex);
		}
	}

	private static void checkTypes(JsonNode claims) {
		GoJson.text(claims.path("iss"));
		GoJson.text(claims.path("jti"));
		for (String name : new String[] { "exp", "nbf", "iat" }) {
			JsonNode date = claims.path(name);
			Assert.isTrue(date.isNumber() || GoJson.isAbsent(date),
					"go-jose/go-jose/jwt: expected number value to unmarshal NumericDate");
		}
		JsonNode audiences = claims.path("aud");
		boolean texts = audiences.isMissingNode() || audiences.isString()
				|| (audiences.isArray() && audiences.valueStream().allMatch(JsonNode::isString));
		Assert.isTrue(texts, "go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience");
	}

	private static String trustDomain(String subject) {
		try {
			Assert.isTrue(subject.startsWith("spiffe://"), "scheme is missing or invalid");
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

	private static void checkAudience(JsonNode audiences, String audience) {
		boolean found = audiences.isString() ? audiences.asString().equals(audience)
				: audiences.valueStream().anyMatch((each) -> each.asString().equals(audience));
		Assert.isTrue(found, () -> "expected audience in [\"%s\"] (audience=%s)".formatted(audience, audiences));
	}

	private void checkTime(JsonNode claims) {
		long seconds = this.now.getEpochSecond();
		Assert.isTrue(seconds + LEEWAY >= date(claims, "nbf"),
				"go-jose/go-jose/jwt: validation failed, token not valid yet (nbf)");
		long end = date(claims, "exp") + LEEWAY;
		Assert.isTrue(seconds < end || (seconds == end && this.now.getNano() == 0), "token has expired");
		Assert.isTrue(seconds + LEEWAY >= date(claims, "iat"),
				"go-jose/go-jose/jwt: validation field, token issued in the future (iat)");
	}

	/**
	 * Cut off, and the earliest one if there is none or if it is beyond what Go can
	 * express.
	 */
	private static long date(JsonNode claims, String name) {
		JsonNode date = claims.path(name);
		double seconds = GoJson.isAbsent(date) ? Double.NEGATIVE_INFINITY : GoJson.number(date);
		return (Math.abs(seconds) < Long.MAX_VALUE) ? (long) seconds : Long.MIN_VALUE;
	}

}
