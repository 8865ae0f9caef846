package dev.psat.spire.kafka;

import java.util.List;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.log.LogMessage;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * {@link KafkaListenerCheck} for listeners that a broker refuses, for there is no
 * X.509-SVID yet, and that then stop for good. Its phase is just before that of
 * listeners, when the start has waited already.
 */
final class KafkaLateIdentityWarning extends KafkaListenerCheck {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private final ObjectProvider<SpireIdentity> identity;

	KafkaLateIdentityWarning(ListableBeanFactory beanFactory, ObjectProvider<SpireIdentity> identity) {
		super(beanFactory, Integer.MAX_VALUE - 101);
		this.identity = identity;
	}

	@Override
	void check(List<MessageListenerContainer> listeners, SvidSslBundle bundle) {
		List<String> late = listeners.stream()
			.filter(KafkaLateIdentityWarning::stopsForGood)
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
		return listener.isAutoStartup() && listener.getContainerProperties().getAuthExceptionRetryInterval() == null;
	}

	/**
	 * Return whether the application does without on purpose, as in a test.
	 */
	private boolean isDisabled() {
		SpireIdentity identity = this.identity.getIfUnique();
		return identity != null && identity.status().state() == SpireState.DISABLED;
	}

}
