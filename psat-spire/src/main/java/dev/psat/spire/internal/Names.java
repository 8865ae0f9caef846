package dev.psat.spire.internal;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Names in a message.
 */
public final class Names {

	private static final int MOST_SHOWN = 10;

	private Names() {
	}

	/**
	 * Return a list of names of limited length, since their number is up to others.
	 */
	public static String shown(Collection<String> names) {
		String first = names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ", "[", ""));
		int more = names.size() - MOST_SHOWN;
		return first + ((more > 0) ? " and " + more + " more]" : "]");
	}

}
