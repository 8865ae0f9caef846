package dev.psat.spire.autoconfigure;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.psat.autoconfigure.internal.PsatStartupException;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses a key that is nearly that of a list of who may connect, since nobody would
 * notice that the list does not count. Another version may know any other.
 */
final class ListKeys {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("spire.bundle");

	private static final List<String> KEYS = List.of("authorized-clients", "authorized-servers",
			"authorized-clients-file", "authorized-servers-file", "authorize-any-client", "authorize-any-server");

	private static final int NEAR = 4;

	private ListKeys() {
	}

	static void check(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream().filter(PREFIX::isAncestorOf).forEach((name) -> check(name, source));
			}
		}
	}

	private static void check(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		String first = name.getElement(PREFIX.getNumberOfElements(), Form.UNIFORM);
		String all = withoutIndex(name);
		// a variable has underscores for both dots and dashes
		String known = (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) ? all : first;
		if (KEYS.stream().anyMatch((key) -> uniform(key).equals(known))) {
			return;
		}
		String nearest = KEYS.stream().min(Comparator.comparing((key) -> distance(uniform(key), all))).orElseThrow();
		if (distance(uniform(nearest), all) <= NEAR) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			throw PsatStartupException.ofProperty(name.subName(1).toString(),
					(property != null) ? property.getValue() : null,
					"There is no such property, and so no such list of who may connect.",
					"Correct its name to 'spire.bundle.%s', or remove it.".formatted(nearest));
		}
	}

	private static String withoutIndex(ConfigurationPropertyName name) {
		return IntStream.range(PREFIX.getNumberOfElements(), name.getNumberOfElements())
			.filter((index) -> !name.isNumericIndex(index))
			.mapToObj((index) -> name.getElement(index, Form.UNIFORM))
			.collect(Collectors.joining());
	}

	private static String uniform(String key) {
		return key.replace("-", "");
	}

	private static int distance(String from, String to) {
		int[] row = IntStream.rangeClosed(0, to.length()).toArray();
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[to.length()];
	}

}
