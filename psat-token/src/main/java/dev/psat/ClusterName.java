package dev.psat;

import java.util.Objects;

final class ClusterName {

	private static final int MAX_LENGTH = 255;

	private ClusterName() {
	}

	static String check(String cluster) {
		Objects.requireNonNull(cluster, "'cluster' must not be null");
		if (cluster.length() > MAX_LENGTH) {
			throw new IllegalArgumentException(
					"The name of a cluster must not be longer than %d characters, but this one has %d."
						.formatted(MAX_LENGTH, cluster.length()));
		}
		for (String segment : cluster.split("/", -1)) {
			if (!isAllowed(segment)) {
				throw new IllegalArgumentException(
						"The name of a cluster becomes part of a SPIFFE ID and must consist of "
								+ "letters, digits, '.', '_' and '-', in segments joined by '/', none of which may be '.' or '..'.");
			}
		}
		return cluster;
	}

	private static boolean isAllowed(String segment) {
		for (int i = 0; i < segment.length(); i++) {
			if (!isAllowed(segment.charAt(i))) {
				return false;
			}
		}
		return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
	}

	private static boolean isAllowed(char character) {
		return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
				|| (character >= '0' && character <= '9') || character == '.' || character == '_' || character == '-';
	}

}
