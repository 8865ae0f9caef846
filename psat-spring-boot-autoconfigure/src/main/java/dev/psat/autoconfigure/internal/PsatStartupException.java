package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

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

	/** A property as shown to the user: as written, and where. */
	public record WrittenProperty(String name, @Nullable Object value, @Nullable Origin origin) {

		private static final int LONGEST_VALUE = 255;

		/**
		 * Looks it up by the rules of binding, except that placeholders are retained. Of
		 * a comma-separated list, the whole is found. What is not found is this property.
		 */
		public WrittenProperty in(Environment environment) {
			ConfigurationPropertyName name = ConfigurationPropertyName.of(this.name);
			for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
				ConfigurationProperty property = find(source, name);
				if (property != null) {
					return new WrittenProperty(property.getName().toString(), property.getValue(),
							property.getOrigin());
				}
			}
			return this;
		}

		private static @Nullable ConfigurationProperty find(ConfigurationPropertySource source,
				ConfigurationPropertyName name) {
			ConfigurationProperty whole = name.isLastElementIndexed()
					? source.getConfigurationProperty(name.getParent()) : null;
			return (whole != null) ? whole : source.getConfigurationProperty(name);
		}

		@Override
		public String toString() {
			if (this.value == null) {
				return "The property '%s' is not set.".formatted(this.name);
			}
			String value = StringUtils.truncate(this.value.toString(), LONGEST_VALUE);
			String origin = (this.origin != null) ? " (originating from '%s')".formatted(this.origin) : "";
			return "The property '%s' has the value '%s'%s.".formatted(this.name, value, origin);
		}

	}

}
