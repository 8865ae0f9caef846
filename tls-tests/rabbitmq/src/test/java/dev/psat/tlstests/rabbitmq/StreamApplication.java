package dev.psat.tlstests.rabbitmq;

import org.springframework.boot.amqp.autoconfigure.EnvironmentBuilderCustomizer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application with streams, which waits for a broker that has nothing to say.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StreamApplication {

	@Bean
	EnvironmentBuilderCustomizer patient() {
		return (builder) -> builder.rpcTimeout(RabbitStreamTests.PATIENCE.multipliedBy(2));
	}

}
