package dev.psat.spire.autoconfigure.ssl;

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
 * own context. Only a {@link SpringApplication} calls initializers: for all other child
 * contexts there is {@link WebServerStartCheck}.
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
		if (beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent
				&& beanFactory.getBeanNamesForType(ServerPostProcessor.class, true, false).length == 0) {
			BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, ServerPostProcessor.class, true, false)
				.values()
				.forEach(beanFactory::addBeanPostProcessor);
		}
	}

}
