package dev.psat.spire.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;
import org.springframework.kafka.listener.ListenerContainerRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Checks the listeners of an application whose consumers have an SSL bundle of the SPIRE
 * identity, just before they start: the protocol of a listener comes before that of its
 * factory, and one that a broker refuses, for there is no X.509-SVID yet, stops for good.
 */
final class KafkaListenerCheck implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<SpireIdentity> identity;

	KafkaListenerCheck(ListableBeanFactory beanFactory, ObjectProvider<SpireIdentity> identity) {
		this.beanFactory = beanFactory;
		this.identity = identity;
	}

	@Override
	public void start() {
		List<MessageListenerContainer> listeners = this.beanFactory
			.getBeansOfType(ListenerContainerRegistry.class, false, false)
			.values()
			.stream()
			.map(ListenerContainerRegistry::getAllListenerContainers)
			.flatMap(Collection::stream)
			.toList();
		SvidSslBundle bundle = listeners.isEmpty() ? null : bundle();
		if (bundle != null) {
			listeners.forEach((listener) -> checkProtocol(listener, bundle));
			if (bundle.isEmpty() && !isDisabled()) {
				warnOf(listeners.stream().filter(KafkaListenerCheck::stopsForGood).toList());
			}
		}
	}

	private @Nullable SvidSslBundle bundle() {
		KafkaConnectionDetails details = this.beanFactory.getBeanProvider(KafkaConnectionDetails.class).getIfUnique();
		Configuration told = (details != null) ? KafkaDetailsCheck.told(details::getConsumer) : null;
		return (told != null && told.getSslBundle() instanceof SvidSslBundle bundle) ? bundle : null;
	}

	private static void checkProtocol(MessageListenerContainer listener, SvidSslBundle bundle) {
		String own = listener.getContainerProperties().getKafkaConsumerProperties().getProperty(KafkaProtocol.NAME);
		if (own != null) {
			KafkaProtocol.check(Map.of(KafkaProtocol.NAME, own, "", bundle),
					"listener '%s'".formatted(listener.getListenerId()));
		}
	}

	private static boolean stopsForGood(MessageListenerContainer listener) {
		return listener.isAutoStartup() && listener.getContainerProperties().getAuthExceptionRetryInterval() == null;
	}

	private static void warnOf(List<MessageListenerContainer> late) {
		if (!late.isEmpty()) {
			logger.warn(LogMessage.format(
					"The Kafka listeners %s start before there is an X.509-SVID to connect with, and stop for good if a broker refuses them. Set 'spire.svid.wait-for' to 'always', so that the start waits for it, or 'spring.kafka.listener.auth-exception-retry-interval', so that they try again",
					late.stream().map((listener) -> String.valueOf(listener.getListenerId())).sorted().toList()));
		}
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
	 * Return {@code false}, so that it checks anew whenever the context starts again.
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
