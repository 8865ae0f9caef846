package dev.psat.products.kafka;

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

}
