package dev.psat.autoconfigure;

import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.ClassUtils;

/**
 * Publishes changes of the default source as application events.
 *
 * @param classLoader the context class loader for listeners, since the thread does not
 * belong to the application and has another one
 */
record TokenEventPublisher(ApplicationEventPublisher publisher,
		@Nullable ClassLoader classLoader) implements TokenListener {

	@Override
	public void statusChanged(TokenStatus previous, TokenStatus current) {
		ClassLoader before = ClassUtils.overrideThreadContextClassLoader(this.classLoader);
		try {
			publish(previous, current);
		}
		finally {
			ClassUtils.overrideThreadContextClassLoader(before);
		}
	}

	private void publish(TokenStatus previous, TokenStatus current) {
		try {
			publishRotation(previous, current);
		}
		finally {
			publishStateChange(previous, current);
		}
	}

	private void publishRotation(TokenStatus previous, TokenStatus current) {
		TokenStatus.Token before = previous.token();
		TokenStatus.Token token = current.token();
		if (before != null && token != null && !token.fingerprint().equals(before.fingerprint())) {
			this.publisher
				.publishEvent(TokenRotatedEvent.builder(before.fingerprint(), token.fingerprint(), token.expiresAt())
					.generation(token.generation())
					.build());
		}
	}

	private void publishStateChange(TokenStatus previous, TokenStatus current) {
		if (current.tokenState() != previous.tokenState() || current.sourceState() != previous.sourceState()) {
			TokenStateChangedEvent.Builder event = TokenStateChangedEvent
				.builder(previous.tokenState(), current.tokenState())
				.previousSourceState(previous.sourceState())
				.sourceState(current.sourceState())
				.advice(current.advice());
			TokenStatus.Token token = current.token();
			if (token != null) {
				event.fingerprint(token.fingerprint()).generation(token.generation()).expiresAt(token.expiresAt());
			}
			this.publisher.publishEvent(event.build());
		}
	}

}
