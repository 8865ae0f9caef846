package dev.psat.spire.kafka;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.ClientCheck.Refusal;
import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/** With a protocol without TLS, a client does not look at its SSL bundle. */
final class KafkaProtocol {

	static final String NAME = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;

	private static final Set<String> WITH_TLS = Set.of("SSL", "SASL_SSL");

	/** Prefixes of the settings of each client of Kafka Streams. The last one counts. */
	private static final List<List<String>> OF_STREAMS = List.of(List.of("", "consumer.", "main.consumer."),
			List.of("", "consumer.", "restore.consumer."), List.of("", "consumer.", "global.consumer."),
			List.of("", "producer."), List.of("", "admin."));

	private KafkaProtocol() {
	}

	static void check(Map<?, ?> config, String client) {
		check(NAME, config, client);
	}

	static void checkStreams(Map<?, ?> config, String client) {
		for (List<String> prefixes : OF_STREAMS) {
			String name = prefixes.stream()
				.map((prefix) -> prefix + NAME)
				.filter(config::containsKey)
				.reduce(NAME, (less, more) -> more);
			check(name, config, client);
		}
	}

	private static void check(String name, Map<?, ?> config, String client) {
		Object protocol = config.get(name);
		if (!isWithTls(protocol) && config.values().stream().anyMatch(SvidSslBundle.class::isInstance)) {
			throw new PsatStartupException(
					"The %s has an SSL bundle of the SPIRE identity, but its connections would not be safe: '%s' is %s, but only 'SSL' and 'SASL_SSL' use TLS."
						.formatted(client, name, quoted(protocol)),
					"Set '%s' to 'SSL', or to 'SASL_SSL' if clients also log in by SASL: 'spring.kafka.security.protocol' applies to every client that has none of its own, and is needed even if your code sets the protocol. Or give the client no SSL bundle of the SPIRE identity: for a test with an embedded broker, set 'spring.kafka.ssl.bundle' to nothing."
						.formatted(name));
		}
	}

	private static boolean isWithTls(@Nullable Object protocol) {
		return protocol != null && WITH_TLS.contains(protocol.toString().trim().toUpperCase(Locale.ROOT));
	}

	private static String quoted(@Nullable Object protocol) {
		return (protocol != null) ? "'" + Refusal.quotable(protocol.toString()) + "'" : "not set";
	}

}
