package dev.psat.soak;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * Creates tokens that have no part in common but the header, so that a mixture is none of
 * them. Their signatures are worthless, which the library leaves to the server to detect.
 * Confined to one thread.
 */
final class TokenMint {

	/** The shortest that kubelet requests. */
	static final Duration LIFETIME = Duration.ofMinutes(10);

	static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"soak\"}";

	private long number;

	String token() {
		return issuedBefore(Duration.ZERO);
	}

	/**
	 * Create a token of another age.
	 * @param age the age of the token, negative for one from the future
	 * @return the token
	 */
	String issuedBefore(Duration age) {
		return withClaims(age, (claims) -> claims);
	}

	String lasting(Duration lifetime) {
		return token(HEADER, claims(Duration.ZERO, lifetime));
	}

	String withHeader(String header) {
		return token(header, claims(Duration.ZERO, LIFETIME));
	}

	String withClaims(UnaryOperator<String> change) {
		return withClaims(Duration.ZERO, change);
	}

	String withClaims(Duration age, UnaryOperator<String> change) {
		return token(HEADER, change.apply(claims(age, LIFETIME)));
	}

	private String claims(Duration age, Duration lifetime) {
		long issuedAt = Instant.now().minus(age).getEpochSecond();
		this.number++;
		return """
				{"aud":["spire-server"],"exp":%d,"iat":%d,"iss":"https://kubernetes.default.svc","jti":"%016d",\
				"kubernetes.io":{"namespace":"shop","pod":{"name":"orders-0","uid":"%016d"},\
				"serviceaccount":{"name":"orders","uid":"%016d"}},"nbf":%d,\
				"sub":"system:serviceaccount:shop:orders"}""".formatted(issuedAt + lifetime.toSeconds(), issuedAt,
				this.number, this.number, this.number, issuedAt);
	}

	private String token(String header, String claims) {
		return encode(header) + "." + encode(claims) + "." + encode("%016d".formatted(this.number).repeat(4));
	}

	private static String encode(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
