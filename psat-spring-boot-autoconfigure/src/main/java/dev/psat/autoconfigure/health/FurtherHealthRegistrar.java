package dev.psat.autoconfigure.health;

import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.health.PsatHealthIndicator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a health indicator for each additional token source, unless disabled by
 * {@code management.health.*}. Bean definitions ensure that AOT processing keeps them and
 * health groups can refer to them.
 */
class FurtherHealthRegistrar implements ImportBeanDefinitionRegistrar {

	private static final Log logger = LogFactory.getLog(FurtherHealthRegistrar.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	FurtherHealthRegistrar(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String source : TokenSources.furtherNames(this.beanFactory)) {
			if (isEnabled(source)) {
				register(source, registry);
			}
		}
	}

	private static void register(String source, BeanDefinitionRegistry registry) {
		String indicator = source + "HealthIndicator";
		String contributor = source + "HealthContributor";
		if (registry.containsBeanDefinition(indicator)) {
			warn(source, indicator);
		}
		else if (registry.containsBeanDefinition(contributor)) {
			warn(source, contributor);
		}
		else {
			registry.registerBeanDefinition(indicator, indicatorOf(source));
		}
	}

	private static void warn(String source, String taken) {
		logger.warn(LogMessage
			.format("Health of the token source '%s' is reported by the bean '%s' instead of ours. If that "
					+ "bean is unrelated to the source, rename the source's bean; otherwise, set "
					+ "'management.health.%s.enabled' to 'false'.", source, taken, source));
	}

	private boolean isEnabled(String source) {
		return isTrue(source, isTrue("defaults", true));
	}

	private boolean isTrue(String name, boolean otherwise) {
		return Binder.get(this.environment)
			.bind(ConfigurationPropertyName.adapt("management.health.%s.enabled".formatted(name), '.'),
					Bindable.of(Boolean.class))
			.orElse(otherwise);
	}

	private static RootBeanDefinition indicatorOf(String source) {
		RootBeanDefinition definition = new RootBeanDefinition(PsatHealthIndicator.class);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(source));
		return definition;
	}

}
