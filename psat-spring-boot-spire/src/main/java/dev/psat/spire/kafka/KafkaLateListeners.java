package dev.psat.spire.kafka;

import java.util.List;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;
import org.springframework.kafka.listener.ListenerContainerRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Tells of listeners that start before there is an X.509-SVID, just before they do: a
 * broker refuses them, and they stop for good.
 */
final class KafkaLateListeners implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<SpireIdentity> identity;

	KafkaLateListeners(ListableBeanFactory beanFactory, ObjectProvider<SpireIdentity> identity) {
		this.beanFactory = beanFactory;
		this.identity = identity;
	}

	@Override
	public void start() {
		List<String> late = this.beanFactory.getBeansOfType(ListenerContainerRegistry.class, false, false)
			.values()
			.stream()
			.flatMap((registry) -> registry.getAllListenerContainers().stream())
			.filter(KafkaLateListeners::isLate)
			.map((container) -> String.valueOf(container.getListenerId()))
			.sorted()
			.toList();
		if (!late.isEmpty() && !isDisabled()) {
			logger.warn(LogMessage.format(
					"The Kafka listeners %s start before there is an X.509-SVID to connect with, and stop for good if a broker refuses them. Set 'spire.svid.wait-for' to 'always', so that the start waits for it, or 'spring.kafka.listener.auth-exception-retry-interval', so that they try again",
					late));
		}
	}

	private static boolean isLate(MessageListenerContainer container) {
		return container.isAutoStartup() && container.getContainerProperties().getAuthExceptionRetryInterval() == null
				&& KafkaConfigs.of(container)
					.flatMap((config) -> config.values().values().stream())
					.anyMatch((value) -> value instanceof SvidSslBundle bundle && bundle.isEmpty());
	}

	/**
	 * Return whether the application does without on purpose, as in a test.
	 */
	private boolean isDisabled() {
		SpireIdentity identity = this.identity.getIfUnique();
		return identity != null && identity.status().state() == SpireState.DISABLED;
	}

	@Override
	public void stop() {
	}

	/**
	 * Return {@code false}, so that it looks anew whenever the context starts again.
	 */
	@Override
	public boolean isRunning() {
		return false;
	}

	/**
	 * Return the phase just before that of listeners, when the start has waited already.
	 */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE - 101;
	}

}
