package dev.psat.token;

import org.jspecify.annotations.Nullable;

/**
 * Checks arguments of public methods, with the messages of Spring's {@code Assert}.
 */
final class Arguments {

	private Arguments() {
	}

	static <T> T notNull(@Nullable T argument, String name) {
		if (argument == null) {
			throw new IllegalArgumentException("'%s' must not be null".formatted(name));
		}
		return argument;
	}

}
