package dev.psat.spire.oauth2;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Who echoes a request would put its JWT-SVID into exceptions, and so onto login pages
 * and into logs. It counts as repeated if 16 characters of its signature are, however
 * they are escaped: nobody can use a JWT-SVID without its signature.
 */
final class SentAssertion {

	private static final int ROW = 16;

	/** Nobody reads more of a description, and searching it takes time. */
	private static final int LONGEST = 16_384;

	private static final int LAYERS = 8;

	/** Escapes of ASCII in URIs, forms, JSON, HTML and quoted-printable text. */
	private static final Pattern ESCAPE = Pattern
		.compile("(?:[%=]|\\\\*u+00|\\\\+x|&#[xX]0*)([0-7][0-9A-Fa-f]);?|&#0*([0-9]{2,3});?");

	private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9]+");

	private final String[] rows;

	SentAssertion(String token) {
		String signature = token.substring(token.lastIndexOf('.') + 1);
		String searched = (signature.length() < ROW) ? token : signature;
		this.rows = IntStream.rangeClosed(0, Math.max(0, searched.length() - ROW))
			.mapToObj((from) -> searched.substring(from, Math.min(from + ROW, searched.length())))
			.map(SentAssertion::bare)
			.toArray(String[]::new);
	}

	/** Also if the text cannot be searched for it. */
	boolean isIn(@Nullable String text) {
		if (text == null) {
			return false;
		}
		String shown = text;
		for (int layer = 0; layer < LAYERS && shown.length() <= LONGEST; layer++) {
			if (repeats(shown)) {
				return true;
			}
			String unescaped = unescape(shown);
			if (unescaped.equals(shown)) {
				return false;
			}
			shown = unescaped;
		}
		return true;
	}

	private boolean repeats(String text) {
		String bare = bare(text);
		for (String row : this.rows) {
			if (bare.contains(row)) {
				return true;
			}
		}
		return false;
	}

	/** What is left of a text that was wrapped, quoted or written in another base64. */
	private static String bare(String text) {
		return OTHERS.matcher(text).replaceAll("");
	}

	private static String unescape(String text) {
		return ESCAPE.matcher(text).replaceAll((escape) -> Matcher.quoteReplacement(character(escape)));
	}

	private static String character(MatchResult escape) {
		String hexadecimal = escape.group(1);
		return Character
			.toString((hexadecimal != null) ? Integer.parseInt(hexadecimal, 16) : Integer.parseInt(escape.group(2)));
	}

}
