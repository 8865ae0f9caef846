package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.core.env.Environment;

/**
 * Thrown when the application cannot start as it is: says what is wrong and what to do
 * about it. Public only for the other modules of this project.
 *
 * @since 0.1.0
 */
public class PsatStartupException extends IllegalStateException {

	/** Enough, since a chain may lead back to itself. */
	private static final int MOST_CAUSES = 100;

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
	 * @param name the name of the property, without the prefix {@code spire.}
	 * @param value the value it is bound to, {@code null} if it is not set
	 * @param reason what is wrong with it
	 * @param action what to do about it
	 * @return the exception
	 */
	public static PsatStartupException ofProperty(String name, @Nullable Object value, String reason, String action) {
		WrittenProperty property = new WrittenProperty("spire." + name, value, null);
		return new PsatStartupException(property + " " + reason, property, reason, action);
	}

	/**
	 * Create an exception for a bean of the application that has failed when it was
	 * called. If it failed for the sake of another bean, that failure says better what to
	 * do, and its analysis counts.
	 * @param type the type as which the bean was called
	 * @param name the name of the bean
	 * @param failure its failure
	 * @return the exception, which only then is no {@link PsatStartupException}
	 */
	public static IllegalStateException ofBean(Class<?> type, String name, Exception failure) {
		String message = "The %s bean '%s' failed".formatted(type.getSimpleName(), name);
		if (hasAnalysis(failure)) {
			return new IllegalStateException(message, failure);
		}
		PsatStartupException exception = new PsatStartupException(message, "%s.%n%n%s".formatted(message, failure),
				"Correct the bean, or remove it. To see the stack trace, set 'debug' to 'true'.");
		exception.initCause(failure);
		return exception;
	}

	private static boolean hasAnalysis(Throwable failure) {
		@Nullable Throwable cause = failure;
		for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
			if (cause instanceof PsatStartupException || cause instanceof BeansException) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
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
