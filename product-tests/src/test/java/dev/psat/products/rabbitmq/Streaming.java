package dev.psat.products.rabbitmq;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * An application that appends to a stream and reads it.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Streaming {

	private final Queue<String> received = new ConcurrentLinkedQueue<>();

	@RabbitListener(queues = "${spring.rabbitmq.stream.name}", autoStartup = "false")
	void receive(String message) {
		this.received.add(message);
	}

	Queue<String> received() {
		return this.received;
	}

}
