package dev.psat.docs.spire;

// tag::events[]
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
// end::events[]
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

// tag::events[]
@Component
class IdentityAlarm {

	private static final Log logger = LogFactory.getLog(IdentityAlarm.class);

	@EventListener
	void onStateChange(SpireStateChangedEvent event) {
		if (event.previousState().isUp() && !event.state().isUp()) {
			logger.error("The identity is no longer up: %s. %s".formatted(event.state(), event.advice()));
		}
	}

	@EventListener
	void onRotation(SvidRotatedEvent event) {
		logger.info(
				"%s (serial number %d) until %s".formatted(event.spiffeId(), event.serialNumber(), event.expiresAt()));
	}

}
// end::events[]
