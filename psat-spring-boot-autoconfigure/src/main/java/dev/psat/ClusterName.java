package dev.psat;

import java.util.regex.Pattern;

/**
 * The rule for names of clusters.
 */
final class ClusterName {

	private static final Pattern PATTERN = Pattern
		.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

	private ClusterName() {
	}

	static String check(String cluster) {
		if (!PATTERN.matcher(cluster).matches()) {
			throw new IllegalArgumentException(
					"The name of a cluster becomes a part of a SPIFFE ID and has to consist of "
							+ "letters, digits, '.', '_' and '-', in segments joined by '/', none of which is '.' or '..'.");
		}
		return cluster;
	}

}
