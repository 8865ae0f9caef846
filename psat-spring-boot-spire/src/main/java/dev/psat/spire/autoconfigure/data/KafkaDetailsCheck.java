package dev.psat.spire.autoconfigure.data;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * {@link ClientCheck} for what {@code spring.kafka} says. An application may build
 * factories of its own from it, which Spring Boot does not give the SSL bundle: without
 * TLS, nothing in them tells that there should have been one.
 */
final class KafkaDetailsCheck extends ClientCheck {

	private static final boolean STREAMS = ClassUtils.isPresent("org.apache.kafka.streams.StreamsBuilder",
			KafkaDetailsCheck.class.getClassLoader());

	private final ObjectProvider<KafkaProperties> properties;

	KafkaDetailsCheck(ObjectProvider<KafkaProperties> properties) {
		this.properties = properties;
	}

	@Override
	void check(Object bean, String name) {
		if (bean instanceof KafkaConnectionDetails details && !ContainerDetails.isType(bean.getClass())) {
			String client = "bean '%s' for %%s".formatted(name);
			check(details.getConsumer(), KafkaProperties::buildConsumerProperties, client.formatted("consumers"));
			check(details.getProducer(), KafkaProperties::buildProducerProperties, client.formatted("producers"));
			check(details.getAdmin(), KafkaProperties::buildAdminProperties, client.formatted("the admin client"));
			if (STREAMS) {
				check(details.getStreams(), KafkaProperties::buildStreamsProperties, client.formatted("streams"));
			}
		}
	}

	private void check(@Nullable Configuration details, Building building, String client) {
		SslBundle bundle = (details != null) ? details.getSslBundle() : null;
		if (details != null && bundle != null) {
			Map<String, Object> config = new HashMap<>();
			this.properties.ifUnique((properties) -> config.putAll(building.config(properties)));
			config.put(SslBundle.class.getName(), bundle);
			if (StringUtils.hasLength(details.getSecurityProtocol())) {
				config.put(KafkaProtocol.NAME, details.getSecurityProtocol());
			}
			KafkaProtocol.check(config, client);
		}
	}

	/**
	 * Builds the configuration of one kind of client.
	 */
	@FunctionalInterface
	private interface Building {

		Map<String, Object> config(KafkaProperties properties);

	}

}
