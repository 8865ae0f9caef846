package dev.psat.spire.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The configurations of the clients of Kafka Streams, each of which may have settings of
 * its own, whose names begin with the name of the client.
 */
final class KafkaStreamsConfigs {

	private static final List<List<String>> CLIENTS = List.of(List.of("consumer.", "main.consumer."),
			List.of("consumer.", "restore.consumer."), List.of("consumer.", "global.consumer."), List.of("producer."),
			List.of("admin."));

	private KafkaStreamsConfigs() {
	}

	/**
	 * Return the configuration of each client.
	 * @param config that of all of them, {@code null} if there is none
	 * @return the configurations
	 */
	static Stream<KafkaConfig> of(@Nullable Map<?, ?> config) {
		return (config != null) ? CLIENTS.stream().map((prefixes) -> of(config, prefixes)) : Stream.empty();
	}

	private static KafkaConfig of(Map<?, ?> config, List<String> prefixes) {
		Map<Object, Object> own = new HashMap<>(config);
		String protocolName = KafkaProtocol.NAME;
		for (String prefix : prefixes) {
			config.forEach((name, value) -> {
				if (name instanceof String text && text.startsWith(prefix)) {
					own.put(text.substring(prefix.length()), value);
				}
			});
			if (config.containsKey(prefix + KafkaProtocol.NAME)) {
				protocolName = prefix + KafkaProtocol.NAME;
			}
		}
		return new KafkaConfig(own, protocolName);
	}

}
