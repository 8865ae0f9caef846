package dev.psat.products.kafka;

import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import dev.psat.tlstests.TlsApplication;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.assertj.core.api.AbstractThrowableAssert;

import org.springframework.kafka.core.KafkaTemplate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Sends by the template of an application.
 */
record Sender(KafkaTemplate<String, String> template) {

	static Sender of(TlsApplication application) {
		return application.bean(Sender.class);
	}

	/**
	 * Send a message, and wait until the broker has it.
	 */
	void send(String topic, String message) throws Exception {
		this.template.send(topic, message).get(Patience.SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Assert that the broker is refused, and why.
	 */
	AbstractThrowableAssert<?, ?> assertThatFailure() {
		return assertThatThrownBy(() -> send("refusals", "hello")).cause()
			.isInstanceOf(SslAuthenticationException.class)
			.cause();
	}

}
