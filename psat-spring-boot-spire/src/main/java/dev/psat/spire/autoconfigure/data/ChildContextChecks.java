package dev.psat.spire.autoconfigure.data;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@link ApplicationContextInitializer} that applies each {@link ClientCheck} of an
 * application to those child contexts that have none of its kind, since a post-processor
 * only sees the beans of its own context. Only a {@link SpringApplication} calls
 * initializers.
 */
final class ChildContextChecks implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor(ChildContextChecks::inherit);
	}

	private static void inherit(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent) {
			BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, ClientCheck.class, true, false)
				.values()
				.stream()
				.filter((check) -> beanFactory.getBeanNamesForType(check.getClass(), true, false).length == 0)
				.forEach(beanFactory::addBeanPostProcessor);
		}
	}

}
