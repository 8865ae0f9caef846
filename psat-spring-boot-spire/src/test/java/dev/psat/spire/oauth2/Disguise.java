package dev.psat.spire.oauth2;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How an answer may write the characters of an assertion.
 */
enum Disguise {

	NONE("%1$c"), PERCENT("%%%2$02X"), LOWER_CASE_PERCENT("%%%2$02x"), TWICE_PERCENT("%%25%2$02X"), JSON("\\u%2$04x"),
	JSON_IN_JSON("\\\\u%2$04X"), HTML("&#%2$d;"), HEX_HTML("&#x%2$x;"), SPACED("%1$c "), PARTLY("");

	private final String format;

	Disguise(String format) {
		this.format = format;
	}

	String of(String text) {
		return String.join("", pieces(text));
	}

	/**
	 * Return how each 16 characters in a row look like.
	 */
	List<String> rows(String text) {
		List<String> pieces = pieces(text);
		return IntStream.rangeClosed(0, pieces.size() - 16)
			.mapToObj((from) -> String.join("", pieces.subList(from, from + 16)))
			.toList();
	}

	private List<String> pieces(String text) {
		return IntStream.range(0, text.length()).mapToObj((index) -> piece(text.charAt(index), index)).toList();
	}

	private String piece(char character, int index) {
		String format = (this == PARTLY) ? values()[index % 8].format : this.format;
		return format.formatted(character, (int) character);
	}

}
