package dev.psat.spire.autoconfigure.data.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.spire.autoconfigure.UnknownSpringBoot;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@link ApplicationContextInitializer} that applies each {@link ClientCheck} and
 * {@link StartCheck} of an application to those child contexts that have none of its
 * kind, since a check only sees the beans of its own context, and so each
 * {@link UnknownSpringBoot}, for the properties. Only a {@link SpringApplication} calls
 * initializers.
 */
final class ChildContextChecks implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor(ChildContextChecks::inherit);
	}

	private static void inherit(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent) {
			missing(ClientCheck.class, parent, beanFactory)
				.forEach((name, check) -> beanFactory.addBeanPostProcessor(check.in(beanFactory)));
			missing(StartCheck.class, parent, beanFactory)
				.forEach((name, check) -> beanFactory.registerSingleton(name, check.in(beanFactory)));
			unknown(parent, beanFactory).forEach(beanFactory::registerSingleton);
		}
	}

	/**
	 * Return the rules for what nothing in the child knows either, which may have
	 * properties of its own.
	 */
	private static Map<String, UnknownSpringBoot> unknown(ListableBeanFactory parent, ListableBeanFactory child) {
		Map<String, UnknownSpringBoot> unknown = new LinkedHashMap<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, UnknownSpringBoot.class, true, false));
		unknown.keySet().removeAll(Arrays.asList(child.getBeanNamesForType(UnknownSpringBoot.class, true, false)));
		return unknown;
	}

	private static <T> Map<String, T> missing(Class<T> type, ListableBeanFactory parent, ListableBeanFactory child) {
		Map<String, T> missing = new LinkedHashMap<>();
		BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, type, true, false).forEach((name, check) -> {
			if (child.getBeanNamesForType(check.getClass(), true, false).length == 0) {
				missing.put(name, check);
			}
		});
		return missing;
	}

}
