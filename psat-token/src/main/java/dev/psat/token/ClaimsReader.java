package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the claims that the Kubernetes API server puts into a bound token. Unknown claims
 * are ignored, since new versions of Kubernetes add new ones.
 */
final class ClaimsReader {

	/**
	 * The last second of the year 9999, the last that RFC 3339 can represent. A time in
	 * milliseconds is beyond it.
	 */
	private static final double LATEST_SECOND = 253_402_300_799.0;

	private ClaimsReader() {
	}

	static ProjectedToken read(String value, String algorithm, JsonNode claims) throws RejectedException {
		JsonNode kubernetes = claims.path("kubernetes.io");
		Instant expiresAt = instant(claims, "exp");
		if (expiresAt == null) {
			throw TokenParser.malformed("does not say when it expires");
		}
		TokenTimes times = new TokenTimes(instant(claims, "iat"), instant(claims, "nbf"),
				kubernetes.path("warnafter").isNumber() ? instant(kubernetes, "warnafter") : null, expiresAt);
		return new ProjectedToken(value, algorithm,
				TokenClaims.builder()
					.issuer(text(claims, "iss"))
					.subject(text(claims, "sub"))
					.audiences(audiences(claims.path("aud")))
					.id(text(claims, "jti"))
					.namespace(text(kubernetes, "namespace"))
					.serviceAccount(reference(kubernetes.path("serviceaccount")))
					.pod(reference(kubernetes.path("pod")))
					.node(reference(kubernetes.path("node")))
					.build(),
				times);
	}

	private static List<String> audiences(JsonNode audience) throws RejectedException {
		List<String> audiences = new ArrayList<>();
		for (JsonNode element : audience.isArray() ? audience : List.of(audience)) {
			if (!element.isString()) {
				return Collections.emptyList();
			}
			audiences.add(displayable(element.asString()));
		}
		return audiences;
	}

	private static TokenClaims.@Nullable Reference reference(JsonNode object) throws RejectedException {
		String name = text(object, "name");
		String uid = text(object, "uid");
		return (name != null || uid != null) ? new TokenClaims.Reference(name, uid) : null;
	}

	private static @Nullable String text(JsonNode object, String name) throws RejectedException {
		JsonNode text = object.path(name);
		return text.isString() ? displayable(text.asString()) : null;
	}

	/** Half a surrogate pair is legal in JSON, but nothing could write it out again. */
	private static String displayable(String text) throws RejectedException {
		if (!new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text)) {
			throw TokenParser.malformed("has a claim that is not Unicode text");
		}
		return text;
	}

	/** A NumericDate (RFC 7519, section 2), rounded down to a second. */
	private static @Nullable Instant instant(JsonNode object, String name) throws RejectedException {
		JsonNode date = object.path(name);
		if (date.isMissingNode() || date.isNull()) {
			return null;
		}
		double second = date.isNumber() ? Math.floor(date.asDouble(Double.NaN)) : Double.NaN;
		if (!(Math.abs(second) <= LATEST_SECOND)) {
			throw TokenParser
				.malformed("has a claim '%s' that is not a date in seconds before the year 10000".formatted(name));
		}
		return Instant.ofEpochSecond((long) second);
	}

}
