package dev.psat.products.kafka;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * An application that also receives.
 */
@Configuration(proxyBeanMethods = false)
class Consuming extends Producing {

	private final Queue<String> received = new ConcurrentLinkedQueue<>();

	@KafkaListener(topics = "${topic}", groupId = "${topic}")
	void receive(String message) {
		this.received.add(message);
	}

	Queue<String> received() {
		return this.received;
	}

}
