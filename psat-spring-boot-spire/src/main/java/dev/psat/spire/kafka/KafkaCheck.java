package dev.psat.spire.kafka;

import dev.psat.spire.autoconfigure.data.internal.ClientCheck;

/**
 * {@link ClientCheck} for Kafka, whose clients ignore an SSL bundle unless their protocol
 * is one with TLS.
 */
final class KafkaCheck extends ClientCheck {

	@Override
	protected void check(Object bean, String name) {
		KafkaConfigs.of(bean).forEach((config) -> KafkaProtocol.check(config, written(name, "spring.kafka")));
	}

}
