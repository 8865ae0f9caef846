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
 * Checks listeners before they start, if the consumers of {@code spring.kafka} have an
 * SSL bundle of ours: no public getter tells what other consumers a listener has.
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

	/** So that it checks anew whenever the context starts again. */
	@Override
	public final boolean isRunning() {
		return false;
	}

	@Override
	public final int getPhase() {
		return this.phase;
	}

	/**
	 * For the protocol of a listener, which comes before that of its factory. Listeners
	 * may start in any phase.
	 */
	static final class ProtocolCheck extends KafkaListenerCheck {

		ProtocolCheck(ListableBeanFactory beanFactory) {
			super(beanFactory, Integer.MIN_VALUE);
		}

		@Override
		void check(List<MessageListenerContainer> listeners, SvidSslBundle bundle) {
			for (MessageListenerContainer listener : listeners) {
				String own = listener.getContainerProperties()
					.getKafkaConsumerProperties()
					.getProperty(KafkaProtocol.NAME);
				if (own != null) {
					KafkaProtocol.check(Map.of(KafkaProtocol.NAME, own, "", bundle),
							"configuration 'spring.kafka' of consumers, with the properties of the listener '%s',"
								.formatted(listener.getListenerId()));
				}
			}
		}

	}

	/**
	 * For listeners that a broker refuses while there is no X.509-SVID, and that then
	 * stop for good. Its phase is just before theirs, when the start has waited already.
	 */
	static final class LateIdentityWarning extends KafkaListenerCheck {

		private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

		private final ObjectProvider<SpireIdentity> identity;

		LateIdentityWarning(ListableBeanFactory beanFactory, ObjectProvider<SpireIdentity> identity) {
			super(beanFactory, Integer.MAX_VALUE - 101);
			this.identity = identity;
		}

		@Override
		void check(List<MessageListenerContainer> listeners, SvidSslBundle bundle) {
			List<String> late = listeners.stream()
				.filter(LateIdentityWarning::stopsForGood)
				.map((listener) -> String.valueOf(listener.getListenerId()))
				.sorted()
				.toList();
			if (!late.isEmpty() && bundle.isEmpty() && !isDisabled()) {
				logger.warn(LogMessage.format(
						"The consumers of 'spring.kafka' have an SSL bundle of the SPIRE identity, but the Kafka listeners %s start before there is an X.509-SVID to connect with, and stop for good if a broker refuses them. Set 'spire.svid.wait-for' to 'always', so that the start waits for it, or 'spring.kafka.listener.auth-exception-retry-interval', so that they try again",
						late));
			}
		}

		private static boolean stopsForGood(MessageListenerContainer listener) {
			return listener.isAutoStartup()
					&& listener.getContainerProperties().getAuthExceptionRetryInterval() == null;
		}

		/** On purpose, as in a test. */
		private boolean isDisabled() {
			SpireIdentity identity = this.identity.getIfUnique();
			return identity != null && identity.status().state() == SpireState.DISABLED;
		}

	}

}
