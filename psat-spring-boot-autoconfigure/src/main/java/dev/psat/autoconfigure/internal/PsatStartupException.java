package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.core.env.Environment;

/** The application cannot start as it is: says what is wrong and what to do about it. */
public class PsatStartupException extends IllegalStateException {

	/** Enough, since a chain may lead back to itself. */
	private static final int MOST_CAUSES = 100;

	private final @Nullable WrittenProperty property;

	private final String description;

	private final String action;

	public PsatStartupException(String message, String action) {
		this(message, null, message, action);
	}

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

	/** The name is without the prefix {@code spire.}. */
	public static PsatStartupException ofProperty(String name, @Nullable Object value, String reason, String action) {
		WrittenProperty property = new WrittenProperty("spire." + name, value, null);
		return new PsatStartupException(property + " " + reason, property, reason, action);
	}

	/**
	 * A bean of the application has failed when it was called. If it failed for the sake
	 * of another bean, that failure says better what to do, and its analysis counts: the
	 * exception then is no {@link PsatStartupException}.
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

	public String description(Environment environment) {
		return (this.property != null) ? this.property.in(environment) + "\n\n" + this.description : this.description;
	}

	public String action() {
		return this.action;
	}

}
