package dev.psat.autoconfigure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import dev.psat.token.TokenSource;

/**
 * The token sources of an application context beside the default one, without those of
 * its parent. Meters, health and endpoint name them by their beans. Public only for the
 * auto-configuration in other packages.
 *
 * @since 0.1.0
 */
public final class TokenSources {

	/** What meters, health and endpoint call the default source, whatever its bean. */
	public static final String DEFAULT_NAME = "psat";

	private TokenSources() {
	}

	/**
	 * Return the further sources. Makes those that are not there yet.
	 * @param beanFactory the bean factory
	 * @return the sources by the names of their beans
	 */
	public static Map<String, TokenSource> further(ConfigurableListableBeanFactory beanFactory) {
		Map<String, TokenSource> sources = new LinkedHashMap<>(
				beanFactory.getBeansOfType(TokenSource.class, false, true));
		sources.keySet().retainAll(furtherOf(sources.keySet(), beanFactory));
		return Collections.unmodifiableMap(sources);
	}

	/**
	 * Return the names of the further sources as far as they are defined. Makes none.
	 * @param beanFactory the bean factory
	 * @return the names of their beans
	 */
	public static Set<String> furtherNames(ConfigurableListableBeanFactory beanFactory) {
		// singletons alone, to be filtered here: else products of factory beans are
		// missed
		return furtherOf(Stream.of(beanFactory.getBeanNamesForType(TokenSource.class, true, false))
			.filter((name) -> DefaultSource.definition(name, beanFactory).isSingleton())
			.toList(), beanFactory);
	}

	/**
	 * Check that no further source has the name of the default one.
	 * @param beanFactory the bean factory
	 * @throws InvalidTokenSourceBeanException if one has
	 */
	static void checkNames(ConfigurableListableBeanFactory beanFactory) {
		furtherNames(beanFactory);
	}

	private static Set<String> furtherOf(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		Set<String> further = new LinkedHashSet<>(names);
		further.remove(DefaultSource.name(beanFactory));
		if (further.contains(DEFAULT_NAME)) {
			throw new InvalidTokenSourceBeanException(
					"'%s' is the name of the default token source, and of the bean of another one."
						.formatted(DEFAULT_NAME),
					"Give the bean of the other one a name of its own.");
		}
		return Collections.unmodifiableSet(further);
	}

}
