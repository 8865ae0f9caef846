package dev.psat.spire.kafka;

import java.util.HashMap;
import java.util.Map;

import dev.psat.spire.autoconfigure.internal.ClientCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.kafka.config.AbstractKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ShareConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;

/** Clients ignore an SSL bundle unless their protocol is one with TLS. */
final class KafkaCheck extends ClientCheck {

	KafkaCheck(ConfigurableListableBeanFactory beanFactory) {
		super(beanFactory);
	}

	@Override
	protected void check(Object bean, String name) {
		Map<?, ?> config = config(bean);
		if (config != null) {
			// whatever else is wrong is checked before, so something must have changed it
			String client = isOfSpringBoot(name) ? "configuration 'spring.kafka', with what customizes it,"
					: "bean '%s'".formatted(name);
			if (bean instanceof KafkaStreamsConfiguration || bean instanceof StreamsBuilderFactoryBean) {
				KafkaProtocol.checkStreams(config, client);
			}
			else {
				KafkaProtocol.check(config, client);
			}
		}
	}

	private static @Nullable Map<?, ?> config(Object bean) {
		try {
			return read(bean);
		}
		catch (RuntimeException | LinkageError ex) {
			// what it does not tell is not seen
			return null;
		}
	}

	private static @Nullable Map<?, ?> read(@Nullable Object bean) {
		if (bean instanceof ConsumerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		if (bean instanceof ShareConsumerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		if (bean instanceof ProducerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		if (bean instanceof KafkaTemplate<?, ?> template) {
			return read(template.getProducerFactory());
		}
		if (bean instanceof KafkaAdmin admin) {
			return admin.getConfigurationProperties();
		}
		if (bean instanceof AbstractKafkaListenerContainerFactory<?, ?, ?> containers) {
			return consumer(read(containers.getConsumerFactory()), containers.getContainerProperties());
		}
		if (bean instanceof KafkaStreamsConfiguration streams) {
			return streams.asProperties();
		}
		return (bean instanceof StreamsBuilderFactoryBean streams) ? streams.getStreamsConfiguration() : null;
	}

	/** A listener's own properties come before those of its factory. */
	private static @Nullable Map<?, ?> consumer(@Nullable Map<?, ?> base, ContainerProperties container) {
		Map<Object, Object> config = new HashMap<>((base != null) ? base : Map.of());
		config.putAll(container.getKafkaConsumerProperties());
		return config;
	}

}
