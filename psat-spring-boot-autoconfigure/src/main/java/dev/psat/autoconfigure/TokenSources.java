package dev.psat.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.psat.token.TokenSource;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the token sources of an application context besides the default one, without
 * those of its parent. Meters, health and endpoint identify them by bean name. Public
 * only for the auto-configuration in other packages.
 *
 * @since 0.1.0
 */
public final class TokenSources {

	/** The name of the default source in meters, health and endpoint. */
	public static final String DEFAULT_NAME = "psat";

	private TokenSources() {
	}

	/**
	 * Return the additional sources, creating them if necessary.
	 * @param beanFactory the bean factory
	 * @return the sources by bean name
	 */
	public static Map<String, TokenSource> further(ConfigurableListableBeanFactory beanFactory) {
		Map<String, TokenSource> sources = new LinkedHashMap<>(
				beanFactory.getBeansOfType(TokenSource.class, false, true));
		sources.keySet().retainAll(furtherOf(sources.keySet(), beanFactory));
		return Collections.unmodifiableMap(sources);
	}

	/**
	 * Return the names of the additional sources defined so far, without creating any.
	 * @param beanFactory the bean factory
	 * @return the names of their beans
	 */
	public static Set<String> furtherNames(ConfigurableListableBeanFactory beanFactory) {
		// filtered here, since asking for singletons alone would miss the products of
		// factory beans
		List<String> names = new ArrayList<>();
		for (String name : beanFactory.getBeanNamesForType(TokenSource.class, true, false)) {
			if (DefaultSource.definition(name, beanFactory).isSingleton()) {
				names.add(name);
			}
		}
		return furtherOf(names, beanFactory);
	}

	/**
	 * Check that no additional source has the name of the default one.
	 * @param beanFactory the bean factory
	 * @throws PsatStartupException if one does
	 */
	static void checkNames(ConfigurableListableBeanFactory beanFactory) {
		furtherNames(beanFactory);
	}

	private static Set<String> furtherOf(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		Set<String> further = new LinkedHashSet<>(names);
		further.remove(DefaultSource.name(beanFactory));
		if (further.contains(DEFAULT_NAME)) {
			throw new PsatStartupException(
					"'%s' is the name of the default token source, but also of the bean of another one."
						.formatted(DEFAULT_NAME),
					"Give the bean of the other one a different name.");
		}
		return Collections.unmodifiableSet(further);
	}

}
