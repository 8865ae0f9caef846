package dev.psat.spire.kafka;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.kafka.config.AbstractKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.ShareKafkaListenerContainerFactory;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaResourceFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ShareConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the configurations of the clients that a bean of Spring for Apache Kafka makes.
 */
final class KafkaConfigs {

	private KafkaConfigs() {
	}

	/**
	 * Read the configurations.
	 * @param bean any bean
	 * @return those of its clients, none if it does not tell them
	 */
	static Stream<KafkaConfig> of(Object bean) {
		// what is behind the proxy of a scope is checked itself, and need not be there
		// yet
		if (bean instanceof ScopedObject) {
			return Stream.empty();
		}
		try {
			return read(bean);
		}
		catch (RuntimeException | LinkageError ex) {
			// what it does not tell is not seen
			return Stream.empty();
		}
	}

	private static Stream<KafkaConfig> read(Object bean) {
		if (bean instanceof KafkaStreamsConfiguration streams) {
			return KafkaStreamsConfigs.of(streams.asProperties());
		}
		if (bean instanceof StreamsBuilderFactoryBean streams) {
			return KafkaStreamsConfigs.of(streams.getStreamsConfiguration());
		}
		if (bean instanceof AbstractKafkaListenerContainerFactory<?, ?, ?> factory) {
			return client(consumer(factory.getConsumerFactory(), factory.getContainerProperties()));
		}
		if (bean instanceof ShareKafkaListenerContainerFactory<?, ?> factory) {
			return client(consumer(field(factory, "shareConsumerFactory"), factory.getContainerProperties()));
		}
		if (bean instanceof MessageListenerContainer container) {
			Object factory = field(container, "consumerFactory", "shareConsumerFactory");
			return client(consumer(factory, container.getContainerProperties()));
		}
		return client(own(bean));
	}

	private static Stream<KafkaConfig> client(@Nullable Map<?, ?> config) {
		return (config != null) ? Stream.of(KafkaConfig.of(config)) : Stream.empty();
	}

	/**
	 * Return the configuration of a factory. Its getter would ask a supplier of the
	 * application where the brokers are.
	 */
	private static @Nullable Map<?, ?> own(@Nullable Object bean) {
		if (bean instanceof KafkaTemplate<?, ?> template) {
			return own(template.getProducerFactory());
		}
		if (bean instanceof KafkaResourceFactory && field(bean, "configs") instanceof Map<?, ?> configs) {
			return configs;
		}
		if (bean instanceof ConsumerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		if (bean instanceof ShareConsumerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		if (bean instanceof ProducerFactory<?, ?> factory) {
			return factory.getConfigurationProperties();
		}
		return (bean instanceof KafkaAdmin admin) ? admin.getConfigurationProperties() : null;
	}

	/**
	 * Return the configuration of the consumers of listeners, whose own properties come
	 * before those of the factory.
	 */
	private static Map<?, ?> consumer(@Nullable Object factory, @Nullable ContainerProperties container) {
		Map<Object, Object> config = new HashMap<>();
		Map<?, ?> base = own(factory);
		if (base != null) {
			config.putAll(base);
		}
		Properties properties = (container != null) ? container.getKafkaConsumerProperties() : null;
		if (properties != null) {
			config.putAll(properties);
			properties.stringPropertyNames().forEach((name) -> config.put(name, properties.getProperty(name)));
		}
		return config;
	}

	private static @Nullable Object field(Object target, String... names) {
		for (String name : names) {
			Field field = ReflectionUtils.findField(target.getClass(), name);
			if (field != null) {
				ReflectionUtils.makeAccessible(field);
				return ReflectionUtils.getField(field, target);
			}
		}
		return null;
	}

}
