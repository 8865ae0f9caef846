package dev.psat.autoconfigure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.GenericBeanDefinition;
import org.springframework.util.Assert;

import dev.psat.token.TokenSource;

/**
 * The token sources of an application context, without those of its parent: the default
 * one, which is injected where nothing else is asked for, and further ones. Meters,
 * health and endpoint name the further ones by their beans.
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
			.filter((name) -> definition(name, beanFactory).isSingleton())
			.toList(), beanFactory);
	}

	/**
	 * Return the name of the default source's bean.
	 * @param beanFactory the bean factory
	 * @return the name, or {@code null} if this context has none
	 */
	static @Nullable String defaultBeanName(ConfigurableListableBeanFactory beanFactory) {
		return defaultOf(List.of(beanFactory.getBeanNamesForType(TokenSource.class, false, true)), beanFactory);
	}

	private static Set<String> furtherOf(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		Set<String> further = new LinkedHashSet<>(names);
		further.remove(defaultOf(names, beanFactory));
		Assert.state(!further.contains(DEFAULT_NAME),
				"'%s' is the name of the default token source: give the bean of another one a name of its own"
					.formatted(DEFAULT_NAME));
		return Collections.unmodifiableSet(further);
	}

	private static @Nullable String defaultOf(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		Map<String, AbstractBeanDefinition> candidates = new LinkedHashMap<>();
		names.forEach((name) -> candidates.put(name, definition(name, beanFactory)));
		candidates.values().removeIf((bean) -> !bean.isAutowireCandidate() || !bean.isDefaultCandidate());
		narrow(candidates, AbstractBeanDefinition::isPrimary);
		narrow(candidates, (bean) -> !bean.isFallback());
		return (candidates.size() == 1) ? candidates.keySet().iterator().next() : null;
	}

	private static void narrow(Map<String, AbstractBeanDefinition> candidates,
			Predicate<AbstractBeanDefinition> preference) {
		if (candidates.values().stream().anyMatch(preference)) {
			candidates.values().removeIf(preference.negate());
		}
	}

	private static AbstractBeanDefinition definition(String name, ConfigurableListableBeanFactory beanFactory) {
		return (beanFactory.containsBeanDefinition(name)
				&& beanFactory.getMergedBeanDefinition(name) instanceof AbstractBeanDefinition definition) ? definition
						: new GenericBeanDefinition();
	}

}
