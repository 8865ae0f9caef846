package dev.psat.spire.kafka;

import java.util.Map;

/**
 * The configuration of a client of Kafka.
 *
 * @param values what is set, by its name
 * @param protocolName what the application calls the protocol of this client, which may
 * be one of several that it configures together
 */
record KafkaConfig(Map<?, ?> values, String protocolName) {

	static KafkaConfig of(Map<?, ?> values) {
		return new KafkaConfig(values, KafkaProtocol.NAME);
	}

}
