package dev.psat.spire.rabbit;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.ClientCheck;
import dev.psat.spire.autoconfigure.internal.SvidBundles;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
	static RabbitCheck spireRabbitCheck(ConfigurableListableBeanFactory beanFactory) {
		return new RabbitCheck(beanFactory);
	}

	/**
	 * A client does without TLS, and so without its SSL bundle, if the scheme of its
	 * first address says so. Spring Boot binds those properties before it makes a client
	 * of them.
	 */
	static final class RabbitCheck extends ClientCheck {

		/** The name of what Spring Boot binds. */
		private static final String BOUND = "spring.rabbitmq-" + RabbitProperties.class.getName();

		private final ObjectProvider<SslBundles> bundles;

		RabbitCheck(ConfigurableListableBeanFactory beanFactory) {
			super(beanFactory, RabbitProperties.class);
			this.bundles = beanFactory.getBeanProvider(SslBundles.class);
		}

		@Override
		protected void check(Object bean, String name) {
			if (bean instanceof RabbitProperties properties && !properties.getSsl().determineEnabled()
					&& SvidBundles.find(this.bundles.getIfUnique(), properties.getSsl().getBundle()) != null) {
				boolean bound = name.equals(BOUND);
				throw new PsatStartupException(
						"The %s has an SSL bundle of the SPIRE identity, but its connections would not be safe: The first of %s begins with 'amqp://', so that none of them uses TLS."
							.formatted(bound ? "configuration 'spring.rabbitmq'" : "bean '%s'".formatted(name),
									bound ? "'spring.rabbitmq.addresses'" : "its addresses"),
						"Let the first of 'spring.rabbitmq.addresses' begin with 'amqps://', or with its host name. Or give it no SSL bundle of the SPIRE identity, in 'spring.rabbitmq.ssl.bundle'.");
			}
		}

	}

}
