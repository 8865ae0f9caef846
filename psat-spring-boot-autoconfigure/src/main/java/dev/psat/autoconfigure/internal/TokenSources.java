package dev.psat.autoconfigure.internal;

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
 * those of its parent. Meters, health and endpoint identify them by bean name.
 */
public final class TokenSources {

	/** The name of the default source in meters, health and endpoint. */
	public static final String DEFAULT_NAME = "psat";

	private TokenSources() {
	}

	/** Creates them if necessary. */
	public static Map<String, TokenSource> further(ConfigurableListableBeanFactory beanFactory) {
		Map<String, TokenSource> sources = new LinkedHashMap<>(
				beanFactory.getBeansOfType(TokenSource.class, false, true));
		sources.keySet().retainAll(furtherOf(sources.keySet(), beanFactory));
		return Collections.unmodifiableMap(sources);
	}

	/** Creates none of them. */
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

	/** No additional source may have the name of the default one. */
	public static void checkNames(ConfigurableListableBeanFactory beanFactory) {
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
