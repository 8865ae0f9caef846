package dev.psat.spire.kafka;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import org.apache.kafka.clients.CommonClientConfigs;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the clients of Kafka that use
 * the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ CommonClientConfigs.class, KafkaTemplate.class })
public final class KafkaBundleAutoConfiguration {

	@Bean
	static KafkaCheck spireKafkaCheck(ConfigurableListableBeanFactory beanFactory) {
		return new KafkaCheck(beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ KafkaConnectionDetails.class, KafkaProperties.class })
	static class KafkaDetailsConfiguration {

		@Bean
		static KafkaDetailsCheck spireKafkaDetailsCheck(ConfigurableListableBeanFactory beanFactory) {
			return new KafkaDetailsCheck(beanFactory);
		}

		@Bean
		KafkaListenerCheck.ProtocolCheck spireKafkaListenerProtocolCheck(ListableBeanFactory beanFactory) {
			return new KafkaListenerCheck.ProtocolCheck(beanFactory);
		}

		@Bean
		KafkaListenerCheck.LateIdentityWarning spireKafkaLateIdentityWarning(ListableBeanFactory beanFactory,
				ObjectProvider<SpireIdentity> identity) {
			return new KafkaListenerCheck.LateIdentityWarning(beanFactory, identity);
		}

	}

}
