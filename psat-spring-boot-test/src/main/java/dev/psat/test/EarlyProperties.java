package dev.psat.test;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

/**
 * Registers the simulated properties before the first of {@code spire} is bound. Spring
 * Framework registers them after creating the web server, which already needs them if it
 * can serve an SSL bundle.
 */
final class EarlyProperties implements InstantiationAwareBeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	EarlyProperties(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
		if (isOurs(beanClass) && !isRegistered()) {
			this.beanFactory.getBeanProvider(DynamicPropertyRegistrarBeanInitializer.class)
				.forEach((initializer) -> initializer.initialize(this.beanFactory));
		}
		return null;
	}

	private boolean isRegistered() {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(DynamicPropertyRegistrar.class, true, false))
			.allMatch(this.beanFactory::containsSingleton);
	}

	private static boolean isOurs(Class<?> beanClass) {
		ConfigurationProperties properties = AnnotationUtils.findAnnotation(beanClass, ConfigurationProperties.class);
		return properties != null && (properties.prefix() + ".").startsWith("spire.");
	}

}
