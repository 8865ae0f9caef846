package dev.psat.spire.jdbc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds the property that the user wrote, to name it instead of a bean that Spring Boot
 * made of it.
 */
final class WrittenProperties {

	private static final Set<String> OF_THE_JVM = Set.of("java", "jdk", "sun");

	private WrittenProperties() {
	}

	/**
	 * Find the property by whose value the URL of a connection, or another setting of it,
	 * has come about.
	 * @param environment where to look
	 * @param part what its value contains
	 * @param urls the URLs of the connection
	 * @return its name, {@code null} if there is none, or it could be one of several
	 */
	static @Nullable String find(Environment environment, String part, List<String> urls) {
		boolean byUrl = urls.stream().anyMatch((url) -> url.contains(part));
		Set<String> found = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter(WrittenProperties::isWritten)
					.map(source::getConfigurationProperty)
					.forEach((property) -> {
						String value = value(environment, property);
						if (property != null && value.contains(part) && (!byUrl || urls.contains(value))) {
							found.add(property.getName().toString());
						}
					});
			}
		}
		return (found.size() == 1) ? found.iterator().next() : null;
	}

	/**
	 * The JVM repeats the whole command line in {@code sun.java.command}.
	 */
	private static boolean isWritten(ConfigurationPropertyName name) {
		return name.isEmpty() || !OF_THE_JVM.contains(name.getElement(0, Form.UNIFORM));
	}

	private static String value(Environment environment, @Nullable ConfigurationProperty property) {
		return (property != null && property.getValue() instanceof CharSequence value)
				? environment.resolvePlaceholders(value.toString()) : "";
	}

}
