package dev.psat.autoconfigure.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.GenericBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Finds the token sources of an application context: the one that is injected by default,
 * in the same way as {@code @ConditionalOnSingleCandidate}, including parent contexts,
 * and the further ones, without those of its parent. Meters, health and endpoint identify
 * these by bean name.
 */
public final class TokenSources {

	/** The name of the default source in meters, health and endpoint. */
	public static final String DEFAULT_NAME = "psat";

	private TokenSources() {
	}

	/**
	 * Creates the source if necessary. Ours is known by the class that declares it.
	 * Injection would choose one of several by parameter name, although the endpoint,
	 * health and meters have backed off.
	 */
	public static DefaultSource byDefault(ConfigurableListableBeanFactory beanFactory, Class<?> declaring) {
		Set<String> candidates = candidates(beanFactory, true);
		if (candidates.isEmpty()) {
			throw new NoSuchBeanDefinitionException(TokenSource.class);
		}
		if (candidates.size() > 1) {
			throw several(candidates);
		}
		String name = candidates.iterator().next();
		TokenSource source = beanFactory.getBean(name, TokenSource.class);
		return new DefaultSource(source, name,
				beanFactory.containsLocalBean(name) && !isDeclaredBy(declaring, name, beanFactory));
	}

	/** Creates them if necessary. */
	public static Map<String, TokenSource> further(ConfigurableListableBeanFactory beanFactory) {
		Map<String, TokenSource> sources = new LinkedHashMap<>(
				beanFactory.getBeansOfType(TokenSource.class, false, true));
		sources.keySet().retainAll(furtherOf(sources.keySet(), beanFactory));
		return Collections.unmodifiableMap(sources);
	}

	/** Creates none of them. None may have the name of the default one. */
	public static Set<String> furtherNames(ConfigurableListableBeanFactory beanFactory) {
		// filtered here, since asking only for singletons would miss the products of
		// factory beans
		List<String> names = new ArrayList<>();
		for (String name : beanFactory.getBeanNamesForType(TokenSource.class, true, false)) {
			if (definition(name, beanFactory).isSingleton()) {
				names.add(name);
			}
		}
		return furtherOf(names, beanFactory);
	}

	private static Set<String> furtherOf(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		Set<String> further = new LinkedHashSet<>(names);
		further.remove(nameOfDefault(beanFactory));
		if (further.contains(DEFAULT_NAME)) {
			throw new PsatStartupException(
					"'%s' is the name of the default token source, but also of the bean of another one."
						.formatted(DEFAULT_NAME),
					"Give the bean of the other one a different name.");
		}
		return Collections.unmodifiableSet(further);
	}

	/** The name of a bean that is not created, {@code null} if there is no single one. */
	private static @Nullable String nameOfDefault(ConfigurableListableBeanFactory beanFactory) {
		Set<String> candidates = candidates(beanFactory, false);
		return (candidates.size() == 1) ? candidates.iterator().next() : null;
	}

	/**
	 * The definition of a bean of this context, an empty one if it was registered without
	 * one.
	 */
	private static AbstractBeanDefinition definition(String name, ConfigurableListableBeanFactory beanFactory) {
		return (beanFactory.containsBeanDefinition(name)
				&& beanFactory.getMergedBeanDefinition(name) instanceof AbstractBeanDefinition definition) ? definition
						: new GenericBeanDefinition();
	}

	private static Set<String> candidates(ConfigurableListableBeanFactory beanFactory, boolean eager) {
		Map<String, AbstractBeanDefinition> candidates = definitions(beanFactory, eager);
		candidates.values().removeIf((bean) -> !bean.isAutowireCandidate() || !bean.isDefaultCandidate());
		if (candidates.size() > 1) {
			narrow(candidates, AbstractBeanDefinition::isPrimary);
			narrow(candidates, (bean) -> !bean.isFallback());
		}
		return candidates.keySet();
	}

	private static Map<String, AbstractBeanDefinition> definitions(ConfigurableListableBeanFactory beanFactory,
			boolean eager) {
		Map<String, AbstractBeanDefinition> definitions = new LinkedHashMap<>();
		for (String name : beanFactory.getBeanNamesForType(TokenSource.class, true, eager)) {
			definitions.put(name, definition(name, beanFactory));
		}
		if (beanFactory.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent) {
			definitions(parent, eager).forEach(definitions::putIfAbsent);
		}
		return definitions;
	}

	private static void narrow(Map<String, AbstractBeanDefinition> candidates,
			Predicate<AbstractBeanDefinition> preference) {
		if (candidates.values().stream().anyMatch(preference)) {
			candidates.values().removeIf(preference.negate());
		}
	}

	/**
	 * Relies on the factory method, which is known even after AOT processing, since the
	 * name may be taken by another bean.
	 */
	private static boolean isDeclaredBy(Class<?> declaring, String name, ConfigurableListableBeanFactory beanFactory) {
		return definition(name, beanFactory) instanceof RootBeanDefinition bean
				&& bean.getResolvedFactoryMethod() != null
				&& bean.getResolvedFactoryMethod().getDeclaringClass() == declaring;
	}

	private static PsatStartupException several(Set<String> candidates) {
		String names = candidates.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
		return new PsatStartupException(
				"Tokens for the SPIRE Server could come from any of the token sources %s.".formatted(names),
				"Declare each that is meant for another system as @Bean(defaultCandidate = false), or the one that is "
						+ "meant for the SPIRE Server as @Primary.");
	}

	/**
	 * The token source that is injected by default.
	 *
	 * @param replacesOurs whether this context has a source of the application instead of
	 * ours
	 */
	public record DefaultSource(TokenSource source, String name, boolean replacesOurs) {

	}

}
