package dev.psat.spire.autoconfigure.data.internal;

import java.util.regex.Pattern;

public record Refusal(String problem, String action) {

	private static final Pattern END = Pattern.compile("[^\\w. -].*", Pattern.DOTALL);

	/**
	 * Return a value as messages quote it: up to where something else that has been
	 * written into it begins, which could be a password.
	 */
	public static String quotable(String value) {
		return END.matcher(value).replaceFirst("…");
	}

	@Override
	public String toString() {
		return this.problem + " " + this.action;
	}

}
