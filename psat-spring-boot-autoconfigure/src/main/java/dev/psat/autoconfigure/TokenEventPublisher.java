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
 * @param publisher the publisher of events
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
			this.publisher.publishEvent(new TokenRotatedEvent(before.fingerprint(), token.fingerprint(),
					token.generation(), token.expiresAt()));
		}
	}

	private void publishStateChange(TokenStatus previous, TokenStatus current) {
		if (current.tokenState() != previous.tokenState() || current.sourceState() != previous.sourceState()) {
			TokenStatus.Token token = current.token();
			this.publisher.publishEvent(
					new TokenStateChangedEvent(previous.tokenState(), current.tokenState(), previous.sourceState(),
							current.sourceState(), current.advice(), (token != null) ? token.fingerprint() : null,
							(token != null) ? token.generation() : 0, (token != null) ? token.expiresAt() : null));
		}
	}

}
