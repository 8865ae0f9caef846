package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Thrown when the application cannot start as it is: says what is wrong and what to do
 * about it. Public only for the other modules of this project.
 *
 * @since 0.1.0
 */
public class PsatStartupException extends IllegalStateException {

	private final @Nullable WrittenProperty property;

	private final String description;

	private final String action;

	/**
	 * Create an exception.
	 * @param message what is wrong
	 * @param action what to do about it
	 */
	public PsatStartupException(String message, String action) {
		this(message, null, message, action);
	}

	/**
	 * Create an exception.
	 * @param message what is wrong
	 * @param description what is wrong, as shown to the user
	 * @param action what to do about it
	 */
	public PsatStartupException(String message, String description, String action) {
		this(message, null, description, action);
	}

	private PsatStartupException(String message, @Nullable WrittenProperty property, String description,
			String action) {
		super(message);
		this.property = property;
		this.description = description;
		this.action = action;
	}

	/**
	 * Create an exception for a property of ours that is missing or invalid.
	 * @param name the name of the property, without the prefix {@code spire.psat.}
	 * @param value the value it is bound to, {@code null} if it is not set
	 * @param reason what is wrong with it
	 * @param action what to do about it
	 * @return the exception
	 */
	public static PsatStartupException ofProperty(String name, @Nullable Object value, String reason, String action) {
		WrittenProperty property = new WrittenProperty("spire.psat." + name, value, null);
		return new PsatStartupException(property + " " + reason, property, reason, action);
	}

	/**
	 * Create an exception for a bean of the application that has failed when it was
	 * called. One that says what to do stands for itself.
	 * @param type the type as which the bean was called
	 * @param name the name of the bean
	 * @param failure its failure
	 * @return the exception
	 */
	public static PsatStartupException ofBean(Class<?> type, String name, Exception failure) {
		if (failure instanceof PsatStartupException startupFailure) {
			return startupFailure;
		}
		String message = "The %s bean '%s' failed".formatted(type.getSimpleName(), name);
		PsatStartupException exception = new PsatStartupException(message, "%s.%n%n%s".formatted(message, failure),
				"Correct the bean, or remove it. To see the stack trace, set 'debug' to 'true'.");
		exception.initCause(failure);
		return exception;
	}

	/**
	 * Return what is wrong, as shown to the user.
	 * @param environment tells how a property, which is only known as bound, is written
	 * @return what is wrong
	 */
	public String description(Environment environment) {
		return (this.property != null) ? this.property.in(environment) + "\n\n" + this.description : this.description;
	}

	/**
	 * Return what to do about it.
	 * @return what to do
	 */
	public String action() {
		return this.action;
	}

}
