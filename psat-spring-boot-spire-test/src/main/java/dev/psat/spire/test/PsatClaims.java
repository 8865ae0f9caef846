package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The claims of a projected service account token. Missing ones are empty.
 */
record PsatClaims(String issuer, String subject, List<String> audiences, Instant notBefore, Instant expiresAt,
		String namespace, String serviceAccount, String podName, String podUid, String nodeName, String nodeUid) {

	private static final JsonMapper json = new JsonMapper();

	static PsatClaims of(String token) {
		String[] parts = token.split("\\.", -1);
		if (parts.length != 3) {
			throw new IllegalArgumentException("No compact JWS");
		}
		return of(decode(parts[1]));
	}

	static JsonNode decode(String part) {
		try {
			byte[] decoded = Base64.getUrlDecoder().decode(part.getBytes(StandardCharsets.ISO_8859_1));
			return json.readTree(decoded);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("No JSON");
		}
	}

	private static PsatClaims of(JsonNode claims) {
		JsonNode bound = claims.path("kubernetes.io");
		return new PsatClaims(text(claims, "iss"), text(claims, "sub"), audiences(claims.path("aud")),
				instant(claims.path("nbf")), instant(claims.path("exp")), text(bound, "namespace"),
				text(bound.path("serviceaccount"), "name"), text(bound.path("pod"), "name"),
				text(bound.path("pod"), "uid"), text(bound.path("node"), "name"), text(bound.path("node"), "uid"));
	}

	private static String text(JsonNode object, String name) {
		return object.path(name).asString("");
	}

	private static Instant instant(JsonNode seconds) {
		return Instant.ofEpochSecond(seconds.asLong(0));
	}

	private static List<String> audiences(JsonNode audience) {
		return audience.isArray() ? audience.valueStream().map((value) -> value.asString("")).toList()
				: List.of(audience.asString(""));
	}

	@Override
	public String toString() {
		return "PsatClaims[" + this.namespace + ":" + this.serviceAccount + "]";
	}

}
