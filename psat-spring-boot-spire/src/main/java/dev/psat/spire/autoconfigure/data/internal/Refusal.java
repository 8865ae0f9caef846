package dev.psat.spire.autoconfigure.data.internal;

import java.util.regex.Pattern;

/**
 * Why there must be no connection.
 *
 * @param problem what is wrong, a sentence
 * @param action what to do about it, a sentence
 */
public record Refusal(String problem, String action) {

	private static final Pattern END = Pattern.compile("[^\\w. -].*", Pattern.DOTALL);

	/**
	 * Return a value as messages quote it: up to where whatever else has been written
	 * into it begins, which could be a password.
	 * @param value the value
	 * @return its beginning
	 */
	public static String quotable(String value) {
		return END.matcher(value).replaceFirst("…");
	}

	@Override
	public String toString() {
		return this.problem + " " + this.action;
	}

}
