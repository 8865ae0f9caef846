package dev.psat.spire.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.autoconfigure.internal.ClientCheck;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * An application may build factories of its own of {@code spring.kafka}, which get no SSL
 * bundle from Spring Boot: without TLS, nothing in them tells that there should have been
 * one.
 */
final class KafkaDetailsCheck extends ClientCheck {

	private static final String SPRING_BOOT = "org.springframework.boot.kafka.";

	private final ObjectProvider<KafkaProperties> properties;

	KafkaDetailsCheck(ConfigurableListableBeanFactory beanFactory) {
		super(beanFactory, KafkaConnectionDetails.class);
		this.properties = beanFactory.getBeanProvider(KafkaProperties.class);
	}

	/**
	 * Not of streams: an application that has these makes a bean of their configuration.
	 */
	@Override
	protected void check(Object bean, String name) {
		if (bean instanceof KafkaConnectionDetails details) {
			String client = bean.getClass().getName().startsWith(SPRING_BOOT) ? "configuration 'spring.kafka' of %s"
					: "bean '" + name + "' for %s";
			check(details::getConsumer, KafkaProperties::buildConsumerProperties, client.formatted("consumers"));
			check(details::getProducer, KafkaProperties::buildProducerProperties, client.formatted("producers"));
			check(details::getAdmin, KafkaProperties::buildAdminProperties, client.formatted("the admin client"));
		}
	}

	private void check(Supplier<Configuration> details, Function<KafkaProperties, Map<String, Object>> build,
			String client) {
		Configuration told = told(details);
		if (told != null && told.getSslBundle() instanceof SvidSslBundle bundle) {
			Map<String, Object> config = new HashMap<>();
			this.properties.ifUnique((properties) -> config.putAll(build.apply(properties)));
			config.put(SslBundle.class.getName(), bundle);
			if (StringUtils.hasLength(told.getSecurityProtocol())) {
				config.put(KafkaProtocol.NAME, told.getSecurityProtocol());
			}
			KafkaProtocol.check(config, client);
		}
	}

	/**
	 * Nothing, if another bundle is missing, or they are not initialized yet, or of a
	 * scope that is not active. What needs them notices.
	 */
	static @Nullable Configuration told(Supplier<Configuration> details) {
		try {
			return details.get();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

}
