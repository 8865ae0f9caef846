package dev.psat.test;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

/**
 * The beans that let simulators set properties in time. Those of other modules import it
 * by its name.
 */
@Configuration(proxyBeanMethods = false)
class SimulatedPropertiesBeans {

	@Bean
	static EarlyProperties simulatedEarlyProperties(ConfigurableListableBeanFactory beanFactory) {
		return new EarlyProperties(beanFactory);
	}

	// In a test, Spring Framework registers one of its own
	@Bean
	@ConditionalOnMissingBean
	static DynamicPropertyRegistrarBeanInitializer dynamicPropertyRegistrarBeanInitializer() {
		return new DynamicPropertyRegistrarBeanInitializer();
	}

}
