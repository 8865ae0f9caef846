package dev.psat.products.rabbitmq;

// tag::renewal[]
import dev.psat.spire.SvidRotatedEvent;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

// end::renewal[]

/**
 * Ends connections that an X.509-SVID of the past has opened.
 */
// tag::renewal[]
@Component
class ConnectionRenewal {

	private final CachingConnectionFactory connectionFactory;

	ConnectionRenewal(CachingConnectionFactory connectionFactory) {
		this.connectionFactory = connectionFactory;
	}

	@EventListener(SvidRotatedEvent.class)
	void renew() {
		this.connectionFactory.resetConnection();
	}

}
// end::renewal[]
