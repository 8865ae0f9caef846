package dev.psat.token;

/**
 * Makes text that comes from a file fit to be shown: quoted, at most 64 characters of it,
 * all of them printable ASCII.
 */
final class Quoted {

	private static final int LONGEST = 64;

	private Quoted() {
	}

	static String text(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		text.chars().limit(LONGEST).forEach((character) -> append(quoted, character));
		return quoted.append((text.length() > LONGEST) ? "\"..." : "\"").toString();
	}

	private static void append(StringBuilder quoted, int character) {
		if (character < ' ' || character > '~') {
			quoted.append("\\u%04x".formatted(character));
		}
		else if (character == '"' || character == '\\') {
			quoted.append('\\').append((char) character);
		}
		else {
			quoted.append((char) character);
		}
	}

}
