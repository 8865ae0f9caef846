package dev.psat.spire.kafka;

import java.util.HashMap;
import java.util.Map;

import dev.psat.spire.autoconfigure.data.internal.ClientCheck;
import dev.psat.spire.autoconfigure.data.internal.ContainerDetails;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * {@link ClientCheck} for what {@code spring.kafka} says. An application may build
 * factories of its own from it, which Spring Boot does not give the SSL bundle: without
 * TLS, nothing in them tells that there should have been one.
 */
final class KafkaDetailsCheck extends ClientCheck {

	private static final String SPRING_BOOT = "org.springframework.boot.kafka.";

	private final ObjectProvider<KafkaProperties> properties;

	KafkaDetailsCheck(ObjectProvider<KafkaProperties> properties) {
		this.properties = properties;
	}

	@Override
	protected ClientCheck in(ListableBeanFactory beanFactory) {
		return new KafkaDetailsCheck(beanFactory.getBeanProvider(KafkaProperties.class));
	}

	/**
	 * Check what is said of each kind of client, but for streams: only an application
	 * that has these makes a bean of their configuration.
	 */
	@Override
	protected void check(Object bean, String name) {
		if (bean instanceof KafkaConnectionDetails details && !ContainerDetails.isType(bean.getClass())) {
			String client = bean.getClass().getName().startsWith(SPRING_BOOT) ? "configuration 'spring.kafka' of %s"
					: "bean '" + name + "' for %s";
			check(details::getConsumer, KafkaProperties::buildConsumerProperties, client.formatted("consumers"));
			check(details::getProducer, KafkaProperties::buildProducerProperties, client.formatted("producers"));
			check(details::getAdmin, KafkaProperties::buildAdminProperties, client.formatted("the admin client"));
		}
	}

	private void check(Telling telling, Building building, String client) {
		Configuration details = configuration(telling);
		if (details != null && details.getSslBundle() instanceof SvidSslBundle bundle) {
			Map<String, Object> config = new HashMap<>();
			this.properties.ifUnique((properties) -> config.putAll(building.config(properties)));
			config.put(SslBundle.class.getName(), bundle);
			if (StringUtils.hasLength(details.getSecurityProtocol())) {
				config.put(KafkaProtocol.NAME, details.getSecurityProtocol());
			}
			KafkaProtocol.check(KafkaConfig.of(config), client);
		}
	}

	private static @Nullable Configuration configuration(Telling telling) {
		try {
			return telling.configuration();
		}
		catch (RuntimeException ex) {
			// it lacks another bundle, is not initialized yet, or is of a scope that is
			// not active: whoever needs it notices
			return null;
		}
	}

	/**
	 * Tells how to connect clients of one kind.
	 */
	@FunctionalInterface
	private interface Telling {

		@Nullable Configuration configuration();

	}

	/**
	 * Builds the configuration of one kind of client.
	 */
	@FunctionalInterface
	private interface Building {

		Map<String, Object> config(KafkaProperties properties);

	}

}
