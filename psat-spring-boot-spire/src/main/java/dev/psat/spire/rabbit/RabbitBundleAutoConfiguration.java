package dev.psat.spire.rabbit;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the connections to RabbitMQ that
 * use the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ ConnectionFactory.class, RabbitProperties.class })
public final class RabbitBundleAutoConfiguration {

	@Bean
	static RabbitCheck spireRabbitCheck(ConfigurableListableBeanFactory beanFactory) {
		return new RabbitCheck(beanFactory);
	}

}
