package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A property of ours is missing or of no use.
 */
class InvalidPsatPropertyException extends IllegalArgumentException {

	private final String description;

	private final String action;

	InvalidPsatPropertyException(String name, @Nullable Object value, String reason, String action) {
		super(describe(name, value) + " " + reason);
		this.description = describe(name, value) + "\n\n" + reason;
		this.action = action;
	}

	String description() {
		return this.description;
	}

	String action() {
		return this.action;
	}

	private static String describe(String name, @Nullable Object value) {
		return (value != null) ? "The property 'spire.psat.%s' has the value '%s'.".formatted(name, value)
				: "The property 'spire.psat.%s' is not set.".formatted(name);
	}

}
