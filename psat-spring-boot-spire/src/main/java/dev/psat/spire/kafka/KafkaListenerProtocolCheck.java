package dev.psat.spire.kafka;

import java.util.List;
import java.util.Map;

import dev.psat.spire.ssl.SvidSslBundle;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * {@link KafkaListenerCheck} for the protocol of a listener, which comes before that of
 * its factory. An application may start its listeners in any phase.
 */
final class KafkaListenerProtocolCheck extends KafkaListenerCheck {

	KafkaListenerProtocolCheck(ListableBeanFactory beanFactory) {
		super(beanFactory, Integer.MIN_VALUE);
	}

	@Override
	void check(List<MessageListenerContainer> listeners, SvidSslBundle bundle) {
		for (MessageListenerContainer listener : listeners) {
			String own = listener.getContainerProperties().getKafkaConsumerProperties().getProperty(KafkaProtocol.NAME);
			if (own != null) {
				KafkaProtocol.check(Map.of(KafkaProtocol.NAME, own, "", bundle),
						"configuration 'spring.kafka' of consumers, with the properties of the listener '%s',"
							.formatted(listener.getListenerId()));
			}
		}
	}

}
