package dev.psat;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Validates cluster names.
 */
final class ClusterName {

	private static final int MAX_LENGTH = 255;

	private static final Pattern SEGMENT = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]+");

	private ClusterName() {
	}

	static String check(String cluster) {
		if (cluster == null) {
			throw new IllegalArgumentException("'cluster' must not be null");
		}
		if (cluster.length() > MAX_LENGTH) {
			throw new IllegalArgumentException(
					"The name of a cluster must not be longer than %d characters, but this one has %d."
						.formatted(MAX_LENGTH, cluster.length()));
		}
		if (!Stream.of(cluster.split("/", -1)).allMatch((segment) -> SEGMENT.matcher(segment).matches())) {
			throw new IllegalArgumentException("The name of a cluster becomes part of a SPIFFE ID and must consist of "
					+ "letters, digits, '.', '_' and '-', in segments joined by '/', none of which may be '.' or '..'.");
		}
		return cluster;
	}

}
