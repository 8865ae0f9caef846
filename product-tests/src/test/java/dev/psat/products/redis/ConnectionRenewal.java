package dev.psat.products.redis;

// tag::renewal[]
import dev.psat.spire.SvidRotatedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

// end::renewal[]

/**
 * Ends the shared connection, so that the next command opens one with the new X.509-SVID.
 */
// tag::renewal[]
@Component
class ConnectionRenewal {

	private final LettuceConnectionFactory connectionFactory;

	ConnectionRenewal(LettuceConnectionFactory connectionFactory) {
		this.connectionFactory = connectionFactory;
	}

	@EventListener(SvidRotatedEvent.class)
	void renew() {
		this.connectionFactory.resetConnection();
	}

}
// end::renewal[]
