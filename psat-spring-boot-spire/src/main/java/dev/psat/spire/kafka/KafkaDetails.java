package dev.psat.spire.kafka;

import dev.psat.spire.autoconfigure.data.internal.ContainerDetails;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/**
 * Creates the beans that tell how to connect to Kafka, so that they are checked even if
 * lazy initialization would never create them.
 */
final class KafkaDetails implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	KafkaDetails(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beanFactory.getBeanNamesForType(KafkaConnectionDetails.class, false, false)) {
			Class<?> type = this.beanFactory.getType(name, false);
			if (type != null && !ContainerDetails.isType(type)) {
				this.beanFactory.getBean(name);
			}
		}
	}

}
