package dev.psat.spire.kafka;

import java.util.Collection;
import java.util.List;

import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.ListenerContainerRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Checks the listeners of an application before they start, if the consumers of
 * {@code spring.kafka} have an SSL bundle of the SPIRE identity: no public getter tells
 * what other consumers a listener has.
 */
abstract class KafkaListenerCheck implements SmartLifecycle {

	private final ListableBeanFactory beanFactory;

	private final int phase;

	KafkaListenerCheck(ListableBeanFactory beanFactory, int phase) {
		this.beanFactory = beanFactory;
		this.phase = phase;
	}

	abstract void check(List<MessageListenerContainer> listeners, SvidSslBundle bundle);

	@Override
	public final void start() {
		List<MessageListenerContainer> listeners = this.beanFactory
			.getBeansOfType(ListenerContainerRegistry.class, false, false)
			.values()
			.stream()
			.map(ListenerContainerRegistry::getAllListenerContainers)
			.flatMap(Collection::stream)
			.toList();
		SvidSslBundle bundle = listeners.isEmpty() ? null : bundle();
		if (bundle != null) {
			check(listeners, bundle);
		}
	}

	private @Nullable SvidSslBundle bundle() {
		KafkaConnectionDetails details = this.beanFactory.getBeanProvider(KafkaConnectionDetails.class).getIfUnique();
		Configuration told = (details != null) ? KafkaDetailsCheck.told(details::getConsumer) : null;
		return (told != null && told.getSslBundle() instanceof SvidSslBundle bundle) ? bundle : null;
	}

	@Override
	public final void stop() {
	}

	/**
	 * Return {@code false}, so that it checks anew whenever the context starts again.
	 */
	@Override
	public final boolean isRunning() {
		return false;
	}

	@Override
	public final int getPhase() {
		return this.phase;
	}

}
