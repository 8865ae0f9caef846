package dev.psat.spiffe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Changes a text in many ways, the same ones each time.
 */
public final class Mutations {

	private static final List<String> PIECES = List.of("/", ".", "..", "%", ":", "@", "?", "#", "\"", "\\", "\\u0000",
			"\\ud800", "{", "}", "[", "]", ",", "-", "-----", "-----BEGIN CERTIFICATE-----\n",
			"-----END CERTIFICATE-----\n", "=", "\n", " ", "\0", "\u00ff", "A", "null", "1e99", "0", "\"keys\":");

	private Mutations() {
	}

	/**
	 * Check that a parser takes a text or refuses it with
	 * {@link IllegalArgumentException}, whatever is done to the text. Each character is
	 * one byte.
	 * @param text the text
	 * @param cases how many changed texts to check, of which some must be refused
	 * @param parser the parser, and what must hold of what it takes
	 */
	public static void check(String text, int cases, Consumer<String> parser) {
		parser.accept(text);
		int refused = 0;
		for (int seed = 0; seed < cases; seed++) {
			String mutated = mutate(text, new Random(seed));
			try {
				parser.accept(mutated);
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex).hasMessageNotContaining("\n");
				refused++;
			}
			catch (RuntimeException | Error ex) {
				throw new AssertionError("Failed with seed %d: %s".formatted(seed, ex), ex);
			}
		}
		assertThat(refused).isPositive();
	}

	public static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String mutate(String text, Random random) {
		StringBuilder mutated = new StringBuilder(text);
		for (int i = random.nextInt(3); i >= 0; i--) {
			int start = random.nextInt(mutated.length() + 1);
			int end = Math.min(mutated.length(), start + random.nextInt(9));
			mutated.replace(start, end, inserted(random));
		}
		return mutated.toString();
	}

	private static String inserted(Random random) {
		return switch (random.nextInt(3)) {
			case 0 -> "";
			case 1 -> PIECES.get(random.nextInt(PIECES.size()));
			default -> String.valueOf((char) random.nextInt(256));
		};
	}

}
