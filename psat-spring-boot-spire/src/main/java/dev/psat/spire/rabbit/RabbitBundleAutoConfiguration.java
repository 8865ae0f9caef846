package dev.psat.spire.rabbit;

import dev.psat.spire.autoconfigure.BundleUse;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.UnknownSpringBoot;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the connections to RabbitMQ that
 * use the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(ConnectionFactory.class)
public final class RabbitBundleAutoConfiguration {

	/**
	 * Create the rule for a Spring Boot that lacks what is needed here.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "spireRabbitCheck")
	static UnknownSpringBoot spireUnknownRabbit() {
		return new UnknownSpringBoot(BundleUse.RABBITMQ);
	}

	/**
	 * For what Spring Boot's properties say.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RabbitProperties.class)
	static final class OnKnownSpringBoot {

		@Bean
		static RabbitCheck spireRabbitCheck(ConfigurableListableBeanFactory beanFactory) {
			return new RabbitCheck(beanFactory);
		}

	}

}
