package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a property of ours is missing or invalid. Public only for the other modules
 * of this project, whose properties are analyzed in the same way.
 *
 * @since 0.1.0
 */
public class InvalidPsatPropertyException extends IllegalArgumentException {

	private final WrittenProperty property;

	private final String reason;

	private final String action;

	/**
	 * Create an exception.
	 * @param name the name of the property, without the prefix {@code spire.psat.}
	 * @param value the value it is bound to, {@code null} if it is not set
	 * @param reason what is wrong with it
	 * @param action what to do about it
	 */
	public InvalidPsatPropertyException(String name, @Nullable Object value, String reason, String action) {
		this(new WrittenProperty("spire.psat." + name, value, null), reason, action);
	}

	private InvalidPsatPropertyException(WrittenProperty property, String reason, String action) {
		super(property + " " + reason);
		this.property = property;
		this.reason = reason;
		this.action = action;
	}

	/**
	 * Return the property as bound, which may differ from how it is written.
	 */
	WrittenProperty property() {
		return this.property;
	}

	String reason() {
		return this.reason;
	}

	String action() {
		return this.action;
	}

}
