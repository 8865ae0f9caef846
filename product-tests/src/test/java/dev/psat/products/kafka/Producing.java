package dev.psat.products.kafka;

import java.util.concurrent.TimeUnit;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * An application that sends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Producing {

	@Bean
	Sender sender(KafkaTemplate<String, String> template) {
		return new Sender(template);
	}

	record Sender(KafkaTemplate<String, String> template) {

		/**
		 * Send a message, and wait until the broker has it.
		 */
		void send(String topic, String message) throws Exception {
			this.template.send(topic, message).get(30, TimeUnit.SECONDS);
		}

	}

}
