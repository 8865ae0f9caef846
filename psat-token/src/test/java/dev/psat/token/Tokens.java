package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of any content, with a signature of no worth.
 */
final class Tokens {

	static final Instant ISSUED = Instant.parse("2026-11-25T10:00:00Z");

	/** As long as that of a 2048-bit RSA key. */
	static final String SIGNATURE = encode("signature of no ".repeat(16));

	private Tokens() {
	}

	static String of(String header, String claims) {
		return encode(header) + "." + encode(claims) + "." + SIGNATURE;
	}

	static String withClaims(String claims) {
		return of("{\"alg\":\"RS256\"}", claims);
	}

	static ProjectedToken lasting(long seconds) {
		return token(ISSUED.getEpochSecond(), ISSUED.getEpochSecond(), ISSUED.getEpochSecond() + seconds, null);
	}

	static ProjectedToken token(@Nullable Long iat, @Nullable Long nbf, long exp, @Nullable Long warnAfter) {
		StringBuilder claims = new StringBuilder("{\"aud\":[\"spire-server\"],\"exp\":" + exp);
		if (iat != null) {
			claims.append(",\"iat\":").append(iat);
		}
		if (nbf != null) {
			claims.append(",\"nbf\":").append(nbf);
		}
		if (warnAfter != null) {
			claims.append(",\"kubernetes.io\":{\"warnafter\":").append(warnAfter).append('}');
		}
		return ProjectedToken.parse(withClaims(claims.append('}').toString()));
	}

	static String encode(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
