package dev.psat.spire.autoconfigure.ssl;

import java.util.List;

import dev.psat.spire.autoconfigure.UnknownSpringBoot;
import dev.psat.spire.autoconfigure.ssl.internal.ServerPostProcessor;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@link ApplicationContextInitializer} that applies the {@link ServerPostProcessor}s of
 * an application to its child contexts, since a post-processor only sees the beans of its
 * own context, and each {@link UnknownSpringBoot}. Only a {@link SpringApplication} calls
 * initializers: for all other child contexts there is {@link WebServerStartCheck}.
 */
final class ChildContextInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor(ChildContextInitializer::inherit);
	}

	/**
	 * Inherit the post-processors unless the context has its own. Its parent may only be
	 * set after the initializer has been called.
	 */
	private static void inherit(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent) {
			if (beanFactory.getBeanNamesForType(ServerPostProcessor.class, true, false).length == 0) {
				BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, ServerPostProcessor.class, true, false)
					.values()
					.forEach(beanFactory::addBeanPostProcessor);
			}
			inheritUnknown(parent, beanFactory);
		}
	}

	/**
	 * Inherit the rules for what nothing in the child knows either, which may have
	 * properties of its own.
	 */
	private static void inheritUnknown(ListableBeanFactory parent, ConfigurableListableBeanFactory child) {
		List<String> own = List.of(child.getBeanNamesForType(UnknownSpringBoot.class, true, false));
		BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, UnknownSpringBoot.class, true, false)
			.forEach((name, rule) -> {
				if (!own.contains(name)) {
					child.registerSingleton(name, rule);
				}
			});
	}

}
