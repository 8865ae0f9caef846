package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens that are in force and differ in every part but the header, so that each can be
 * told from the others and from any mixture of them.
 */
final class NumberedTokens {

	private final List<String> tokens = new ArrayList<>();

	private final Map<String, Integer> numbers = new HashMap<>();

	NumberedTokens(int count) {
		for (int number = 0; number < count; number++) {
			String token = token(number);
			this.tokens.add(token);
			this.numbers.put(token, number);
		}
	}

	String get(int number) {
		return this.tokens.get(number);
	}

	byte[] bytes(int number) {
		return get(number).getBytes(StandardCharsets.US_ASCII);
	}

	int last() {
		return this.tokens.size() - 1;
	}

	int numberOf(String token) {
		Integer number = this.numbers.get(token);
		if (number == null) {
			throw new AssertionError("A token that nobody wrote, of %d characters".formatted(token.length()));
		}
		return number;
	}

	private static String token(int number) {
		long now = Instant.now().getEpochSecond();
		String token = Tokens.withClaims("""
				{"aud":["spire-server"],"exp":%d,"iat":%d,"iss":"https://kubernetes.default.svc","jti":"%08d",\
				"kubernetes.io":{"namespace":"shop","pod":{"name":"orders-0","uid":"%08d"},\
				"serviceaccount":{"name":"orders","uid":"%08d"}},"nbf":%d,\
				"sub":"system:serviceaccount:shop:orders"}""".formatted(now + 3600, now, number, number, number, now));
		String signature = Tokens.encode("signature %08d ".formatted(number).repeat(14));
		return token.substring(0, token.lastIndexOf('.') + 1) + signature;
	}

}
