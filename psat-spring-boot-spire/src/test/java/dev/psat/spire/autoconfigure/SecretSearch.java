package dev.psat.spire.autoconfigure;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds pieces of secrets in a text, however they are written: as they are, in
 * hexadecimal digits (also in the columns of a dump), in base64 at any offset, in decimal
 * digits.
 */
final class SecretSearch {

	private static final int PIECE = 12;

	private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_+/-]{%d,}".formatted(PIECE));

	private static final Pattern DUMP = Pattern.compile("\\b[0-9A-Fa-f]{2}(?:[ :,-]{1,2}[0-9A-Fa-f]{2}){5,}\\b");

	private final Set<String> pieces = new HashSet<>();

	/**
	 * Search for a token, and for what contains it.
	 */
	SecretSearch token(String token) {
		for (String part : token.split("\\.")) {
			add(part);
		}
		return bytes(token.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Search for a private key, and for what contains it.
	 */
	SecretSearch key(String hex) {
		byte[] bytes = HexFormat.of().parseHex(hex);
		add(new BigInteger(1, bytes).toString());
		return bytes(bytes);
	}

	private SecretSearch bytes(byte[] bytes) {
		add(HexFormat.of().formatHex(bytes));
		for (int offset = 0; offset < 3; offset++) {
			byte[] shifted = new byte[bytes.length + offset];
			System.arraycopy(bytes, 0, shifted, offset, bytes.length);
			String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
			// the first and the last characters depend on the neighbours
			String inner = text.substring((offset == 0) ? 0 : 2, text.length() - 2);
			add(inner);
			add(inner.replace('+', '-').replace('/', '_'));
		}
		return this;
	}

	private void add(String secret) {
		for (int i = 0; i + PIECE <= secret.length(); i++) {
			this.pieces.add(secret.substring(i, i + PIECE));
		}
	}

	/**
	 * Return the first line that holds a piece.
	 */
	@Nullable String find(String text) {
		// much is said again and again
		Set<String> lines = new HashSet<>(Arrays.asList(text.split("\n")));
		return lines.stream().filter(this::isIn).findFirst().orElse(null);
	}

	private boolean isIn(String line) {
		return line.length() >= PIECE && (isFound(RUN.matcher(line)) || isFound(DUMP.matcher(line)));
	}

	private boolean isFound(Matcher runs) {
		while (runs.find()) {
			String run = runs.group();
			if (runs.pattern() == DUMP) {
				run = run.replaceAll("[^0-9A-Fa-f]", "");
			}
			if (isPieceIn(run) || isPieceIn(run.toLowerCase(Locale.ROOT))) {
				return true;
			}
		}
		return false;
	}

	private boolean isPieceIn(String run) {
		for (int i = 0; i + PIECE <= run.length(); i++) {
			if (this.pieces.contains(run.substring(i, i + PIECE))) {
				return true;
			}
		}
		return false;
	}

}
