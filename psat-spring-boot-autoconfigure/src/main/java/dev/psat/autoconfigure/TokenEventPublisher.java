package dev.psat.autoconfigure;

import java.time.Instant;

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
		String previousFingerprint = previous.fingerprint();
		String fingerprint = current.fingerprint();
		Instant expiresAt = current.expiresAt();
		if (previousFingerprint != null && fingerprint != null && expiresAt != null
				&& !fingerprint.equals(previousFingerprint)) {
			this.publisher
				.publishEvent(new TokenRotatedEvent(previousFingerprint, fingerprint, current.generation(), expiresAt));
		}
	}

	private void publishStateChange(TokenStatus previous, TokenStatus current) {
		if (current.tokenState() != previous.tokenState() || current.sourceState() != previous.sourceState()) {
			this.publisher.publishEvent(new TokenStateChangedEvent(previous.tokenState(), current.tokenState(),
					previous.sourceState(), current.sourceState(), current.advice(), current.fingerprint(),
					current.generation(), current.expiresAt()));
		}
	}

}
