package dev.psat.spire.kafka;

import dev.psat.spire.autoconfigure.data.internal.StartCheck;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.kafka.listener.ListenerContainerRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * {@link StartCheck} for the containers of listeners, whose own properties come before
 * those of the factory that is checked as a bean.
 */
final class KafkaListenerCheck extends StartCheck {

	KafkaListenerCheck(ListableBeanFactory beanFactory) {
		super(beanFactory);
	}

	@Override
	protected StartCheck in(ListableBeanFactory beanFactory) {
		return new KafkaListenerCheck(beanFactory);
	}

	@Override
	protected void check(ListableBeanFactory beanFactory) {
		beanFactory.getBeansOfType(ListenerContainerRegistry.class, false, false)
			.values()
			.forEach(KafkaListenerCheck::check);
	}

	private static void check(ListenerContainerRegistry registry) {
		for (String id : registry.getListenerContainerIds()) {
			MessageListenerContainer container = registry.getListenerContainer(id);
			if (container != null) {
				KafkaConfigs.of(container)
					.forEach((config) -> KafkaProtocol.check(config, "listener '%s'".formatted(id)));
			}
		}
	}

}
