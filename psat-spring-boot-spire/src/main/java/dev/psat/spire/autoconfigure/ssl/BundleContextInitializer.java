package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.internal.BundleServers;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Has the {@link BundleProperties} of each context checked, and applies the
 * post-processors of servers to child contexts, which would not see them. Only a
 * {@link SpringApplication} calls it: for others there is {@link WebServerStartCheck}.
 */
final class BundleContextInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor((beanFactory) -> prepare(beanFactory, context.getEnvironment()));
	}

	/** The parent of a context may only be set after the initializer has been called. */
	private static void prepare(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		BeanFactoryInitializer<ListableBeanFactory> check = (any) -> new BundleProperties(beanFactory, environment)
			.check();
		beanFactory.registerSingleton("spireBundleProperties", check);
		if (beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent
				&& beanFactory.getBeanNamesForType(BundleServers.PostProcessor.class, true, false).length == 0) {
			BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, BundleServers.PostProcessor.class, true, false)
				.values()
				.forEach(beanFactory::addBeanPostProcessor);
		}
	}

}
