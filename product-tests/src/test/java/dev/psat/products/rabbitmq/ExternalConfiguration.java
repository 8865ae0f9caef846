package dev.psat.products.rabbitmq;

// tag::external[]
import com.rabbitmq.client.DefaultSaslConfig;

import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// end::external[]

/**
 * Logs in by the certificate.
 */
// tag::external[]
@Configuration(proxyBeanMethods = false)
class ExternalConfiguration {

	@Bean
	ConnectionFactoryCustomizer external() {
		return (factory) -> factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
	}

}
// end::external[]
