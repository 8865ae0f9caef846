package dev.psat.spire.autoconfigure.data;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundles;
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
	static RabbitCheck spiffeRabbitCheck(ObjectProvider<SslBundles> bundles) {
		return new RabbitCheck(bundles);
	}

	@Bean
	RabbitStartCheck spiffeRabbitStartCheck(ListableBeanFactory beanFactory) {
		return new RabbitStartCheck(beanFactory);
	}

}
