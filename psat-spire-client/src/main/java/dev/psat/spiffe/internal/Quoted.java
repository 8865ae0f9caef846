package dev.psat.spiffe.internal;

/**
 * Makes untrusted text fit to be shown.
 */
public final class Quoted {

	private static final int LONGEST = 256;

	/** Long enough for a message, and too short to flood a log. */
	private static final int LONGEST_LINE = 1024;

	/** Too long to be in a text and a token by chance. */
	private static final int TELLING = 16;

	private Quoted() {
	}

	/**
	 * Quote a text, escape everything that is not printable ASCII, and truncate it.
	 * @param text the text
	 * @return at most 256 characters of the text, quoted
	 */
	public static String text(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		text.chars().limit(LONGEST).forEach((character) -> {
			if (character < ' ' || character > '~' || character == '"' || character == '\\') {
				quoted.append("\\u%04x".formatted(character));
			}
			else {
				quoted.append((char) character);
			}
		});
		return quoted.append((text.length() > LONGEST) ? "\"..." : "\"").toString();
	}

	/**
	 * Turn a text into a single line, replace invisible characters with spaces, and
	 * truncate it.
	 * @param text the text
	 * @return the line, at most 1024 characters of it
	 */
	public static String line(String text) {
		StringBuilder line = new StringBuilder();
		text.codePoints()
			.limit(LONGEST_LINE)
			.map((character) -> isVisible(character) ? character : ' ')
			.forEach(line::appendCodePoint);
		return line.append((text.codePointCount(0, text.length()) > LONGEST_LINE) ? "..." : "").toString();
	}

	/**
	 * Return whether a text repeats a part of a token, be it truncated.
	 * @param text the text
	 * @param token the token, of parts with dots in between
	 * @return whether it repeats 16 consecutive characters of a part, or all of a shorter
	 * one
	 */
	public static boolean repeats(String text, String token) {
		for (String part : token.split("\\.")) {
			int length = Math.min(part.length(), TELLING);
			for (int i = 0; length > 0 && i <= part.length() - length; i++) {
				if (text.contains(part.substring(i, i + length))) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean isVisible(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
