package dev.psat.tlstests.rabbitmq;

import java.time.Duration;

import org.springframework.boot.amqp.autoconfigure.EnvironmentBuilderCustomizer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application with streams, which does not wait long for a broker that has nothing to
 * say.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StreamApplication {

	@Bean
	EnvironmentBuilderCustomizer hasty() {
		return (builder) -> builder.rpcTimeout(Duration.ofMillis(500));
	}

}
