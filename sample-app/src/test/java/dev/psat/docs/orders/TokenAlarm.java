package dev.psat.docs.orders;

// tag::events[]
import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
// end::events[]
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

// tag::events[]
@Component
class TokenAlarm {

	private static final Log logger = LogFactory.getLog(TokenAlarm.class);

	@EventListener
	void onStateChange(TokenStateChangedEvent event) {
		if (!event.tokenState().isInForce()) {
			logger.error("Cannot attest: token %s, file %s. %s".formatted(event.tokenState(), event.sourceState(),
					event.advice()));
		}
	}

	@EventListener
	void onRotation(TokenRotatedEvent event) {
		logger.info("Token %s of generation %d, until %s".formatted(event.fingerprint(), event.generation(),
				event.expiresAt()));
	}

}
// end::events[]
