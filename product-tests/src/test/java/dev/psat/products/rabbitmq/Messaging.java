package dev.psat.products.rabbitmq;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * An application that sends and receives, by blocking and non-blocking input and output.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExternalConfiguration.class)
class Messaging {

	private final Queue<String> received = new ConcurrentLinkedQueue<>();

	@Bean
	org.springframework.amqp.core.Queue greetings() {
		return new org.springframework.amqp.core.Queue("greetings");
	}

	@Bean
	@SuppressWarnings("deprecation")
	ConnectionFactoryCustomizer transport(Environment environment) {
		return (factory) -> {
			if (environment.getProperty("nio", boolean.class, false)) {
				factory.useNio();
			}
		};
	}

	@RabbitListener(queues = "greetings")
	void receive(String message) {
		this.received.add(message);
	}

	Queue<String> received() {
		return this.received;
	}

}
