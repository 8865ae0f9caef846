package dev.psat.token;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import dev.psat.RandomCases;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is done to a token, what comes out is a token or a named rejection.
 */
class TokenMutationTests {

	private static final String CLAIMS = """
			{"aud":["spire-server"],"exp":1795572851,"iat":1795572251,"iss":"https://kubernetes.default.svc",\
			"jti":"b3e0","kubernetes.io":{"namespace":"shop","node":{"name":"node-1","uid":"n-1"},"pod":{"name":\
			"orders-0","uid":"p-1"},"serviceaccount":{"name":"orders","uid":"s-1"}},"nbf":1795572251,\
			"sub":"system:serviceaccount:shop:orders"}""";

	private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory
		.getThreadMXBean();

	private static final long MOST_ALLOCATED = 1024 * 1024;

	@Test
	void changedBytesOfAToken() {
		byte[] token = Tokens.withClaims(CLAIMS).getBytes(StandardCharsets.US_ASCII);
		RandomCases.check(10_000, (random) -> assertTokenOrRejection(Mutation.any(random).apply(token)));
	}

	@Test
	void changedBytesOfTheClaims() {
		RandomCases.check(10_000, (random) -> {
			byte[] claims = Mutation.any(random).apply(CLAIMS.getBytes(StandardCharsets.UTF_8));
			String token = Tokens.encode("{\"alg\":\"RS256\"}") + "."
					+ Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + "." + Tokens.SIGNATURE;
			assertTokenOrRejection(token.getBytes(StandardCharsets.US_ASCII));
		});
	}

	@Test
	void anyBytes() {
		assertTokenOrRejection(new byte[0]);
		RandomCases.check(500, (random) -> assertTokenOrRejection(RandomCases.anyBytes(random, 2000)));
	}

	@Test
	void largestFilesOfOneCharacter() {
		for (String piece : new String[] { ".", "a", "a.", " ", "-" }) {
			assertTokenOrRejection(
					piece.repeat(TokenParser.LARGEST / piece.length()).getBytes(StandardCharsets.US_ASCII));
		}
	}

	@Test
	void anyDates() {
		RandomCases.check(500, (random) -> {
			long iat = RandomCases.anyLong(random);
			long nbf = RandomCases.anyLong(random);
			long exp = RandomCases.anyLong(random);
			long warnAfter = RandomCases.anyLong(random);
			String claims = "{\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"kubernetes.io\":{\"warnafter\":%d}}".formatted(iat,
					nbf, exp, warnAfter);
			assertTokenOrRejection(Tokens.withClaims(claims).getBytes(StandardCharsets.US_ASCII));
			long second = 253_402_300_800L;
			ProjectedToken token = Tokens.token(iat % second, nbf % second, exp % second, warnAfter % second);
			Validity validity = Validity.of(token, Duration.ofMinutes(10));
			long now = RandomCases.anyLong(random);
			assertThat(validity.stateAt(now)).isNotNull();
			assertThat(validity.nextChange(now)).isGreaterThan(Math.min(now, Long.MAX_VALUE - 1));
		});
	}

	private static void assertTokenOrRejection(byte[] content) {
		long before = THREADS.getCurrentThreadAllocatedBytes();
		try {
			assertThat(TokenParser.parse(content).fingerprint()).startsWith("sha256:");
		}
		catch (RejectedException ex) {
			assertThat(ex.problem().state()).isEqualTo(SourceState.MALFORMED);
		}
		assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
	}

	/**
	 * Some bytes are replaced by others.
	 *
	 * @param place where, as a share of the length
	 * @param removed how many bytes are removed
	 * @param inserted what is inserted
	 */
	record Mutation(double place, int removed, byte[] inserted) {

		private static final List<String> PIECES = List.of("\"", "{", "}", "[", "]", ",", ":", "1e99", "null",
				"\\u0000", "\\ud800", ".", "=", "\"exp\":1,");

		static Mutation any(Random random) {
			double place = switch (random.nextInt(20)) {
				case 0 -> 0;
				case 1 -> 1;
				default -> random.nextDouble();
			};
			byte[] inserted = random.nextBoolean() ? RandomCases.anyBytes(random, 8)
					: PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
			return new Mutation(place, random.nextInt(13), inserted);
		}

		byte[] apply(byte[] content) {
			int start = (int) (this.place * content.length);
			int end = Math.min(content.length, start + this.removed);
			byte[] mutated = Arrays.copyOf(content, start + this.inserted.length + content.length - end);
			System.arraycopy(this.inserted, 0, mutated, start, this.inserted.length);
			System.arraycopy(content, end, mutated, start + this.inserted.length, content.length - end);
			return mutated;
		}

	}

}
