package dev.psat.spiffe.internal;

public final class Quoted {

	private static final int LONGEST = 256;

	/** Long enough for a message, and too short to flood a log. */
	private static final int LONGEST_LINE = 1024;

	/** Too long to be in a text and a token by chance. */
	private static final int TELLING = 16;

	private Quoted() {
	}

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

	public static String line(String text) {
		StringBuilder line = new StringBuilder();
		text.codePoints()
			.limit(LONGEST_LINE)
			.map((character) -> isVisible(character) ? character : ' ')
			.forEach(line::appendCodePoint);
		return line.append((text.codePointCount(0, text.length()) > LONGEST_LINE) ? "..." : "").toString();
	}

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
