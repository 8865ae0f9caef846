package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Parses a token and rejects everything else. A token is a JWS in compact serialization
 * (RFC 7515, section 3.1) whose payload is a set of JWT claims (RFC 7519). The signature
 * is not verified.
 */
final class TokenParser {

	static final int LARGEST = 64 * 1024;

	/**
	 * The length of a signature in bytes, if the algorithm alone determines it (RFC 7518,
	 * section 3.4). Without this check, a file whose writer stopped inside the signature
	 * looks good.
	 */
	private static final Map<String, Integer> SIGNATURE_LENGTHS = Map.of("ES256", 64, "ES384", 96, "ES512", 132);

	/**
	 * Algorithms whose signature is as long as the key, which has 2048 bits or more (RFC
	 * 7518, sections 3.3 and 3.5).
	 */
	private static final Set<String> RSA_ALGORITHMS = Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

	private static final int SHORTEST_RSA_SIGNATURE = 256;

	private static final String BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	private TokenParser() {
	}

	static ProjectedToken parse(byte[] content) throws RejectedException {
		String value = text(content);
		String[] parts = value.split("\\.", 4);
		if (parts.length != 3) {
			throw malformed("does not have the three parts of a signed JWT");
		}
		byte[] header = decode(parts[0], "header");
		byte[] claims = decode(parts[1], "claims");
		byte[] signature = decode(parts[2], "signature");
		String algorithm = algorithm(StrictJson.object(header, "header"));
		checkLength(signature.length, algorithm);
		return ClaimsReader.read(value, algorithm, StrictJson.object(claims, "claims"));
	}

	private static void checkLength(int length, String algorithm) throws RejectedException {
		int exact = SIGNATURE_LENGTHS.getOrDefault(algorithm, length);
		if (length != exact) {
			throw malformed("has a signature of %d bytes where %s requires %d".formatted(length, algorithm, exact));
		}
		if (length < SHORTEST_RSA_SIGNATURE && RSA_ALGORITHMS.contains(algorithm)) {
			throw malformed("has a signature of %d bytes where %s requires at least %d".formatted(length, algorithm,
					SHORTEST_RSA_SIGNATURE));
		}
	}

	static RejectedException malformed(String what) {
		return new RejectedException(SourceState.MALFORMED, "The content is not a token: it " + what);
	}

	private static String text(byte[] content) throws RejectedException {
		if (content.length > LARGEST) {
			throw malformed("is larger than 64 KiB");
		}
		int start = 0;
		int end = content.length;
		while (start < end && isWhiteSpace(content[start])) {
			start++;
		}
		while (end > start && isWhiteSpace(content[end - 1])) {
			end--;
		}
		if (start == end) {
			throw malformed("is empty");
		}
		for (int i = start; i < end; i++) {
			if (!isAllowed(content[i])) {
				throw malformed(
						"contains characters that are not allowed in a JWT (is it quoted, prefixed, or binary?)");
			}
		}
		return new String(content, start, end - start, StandardCharsets.US_ASCII);
	}

	private static boolean isWhiteSpace(byte character) {
		return character == ' ' || (character >= '\t' && character <= '\r');
	}

	private static boolean isAllowed(byte character) {
		return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
				|| (character >= '0' && character <= '9') || character == '_' || character == '-' || character == '.';
	}

	/** Strict base64url without padding (RFC 7515, section 2). */
	private static byte[] decode(String part, String name) throws RejectedException {
		if (part.isEmpty()) {
			throw malformed("has an empty " + name);
		}
		if (hasSpareBits(part)) {
			throw malformed("has a %s that is not base64url".formatted(name));
		}
		try {
			return Base64.getUrlDecoder().decode(part);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("has a %s that is not base64url".formatted(name));
		}
	}

	/** The JDK's decoder ignores them, so that several texts decode to the same bytes. */
	private static boolean hasSpareBits(String part) {
		int last = BASE64_URL.indexOf(part.charAt(part.length() - 1));
		return switch (part.length() % 4) {
			case 2 -> (last & 0b1111) != 0;
			case 3 -> (last & 0b11) != 0;
			default -> false;
		};
	}

	private static String algorithm(JsonNode header) throws RejectedException {
		String algorithm = header.path("alg").asString("");
		if (!header.path("alg").isString() || algorithm.isEmpty()) {
			throw malformed("does not name a signature algorithm");
		}
		String upperCase = algorithm.toUpperCase(Locale.ROOT);
		if (upperCase.equals("NONE") || upperCase.startsWith("HS")) {
			throw malformed("is not signed with a private key (alg %s)".formatted(Quoted.text(algorithm)));
		}
		return algorithm;
	}

}
