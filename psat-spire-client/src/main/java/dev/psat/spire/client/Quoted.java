package dev.psat.spire.client;

/**
 * Makes text that a stranger wrote fit to be shown.
 */
final class Quoted {

	private static final int LONGEST = 256;

	private Quoted() {
	}

	/**
	 * Quote a text, escape what is not printable ASCII, and cut it.
	 * @param text the text
	 * @return the text, at most 256 characters of it
	 */
	static String text(String text) {
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

}
