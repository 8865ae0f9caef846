package dev.psat.autoconfigure;

import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenStatus;

/**
 * Turns changes of the default source into application events, while it is open. What
 * changes while it is shut comes when it opens.
 */
final class TokenEventPublisher implements TokenListener {

	private final ApplicationEventPublisher publisher;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean open;

	private @Nullable TokenStatus published;

	TokenEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	void open(TokenStatus current) {
		this.lock.lock();
		try {
			this.open = true;
			if (this.published != null) {
				publish(this.published, current);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Publish no more. Does not wait for a listener that is being told just now.
	 */
	void shut() {
		this.open = false;
	}

	@Override
	public void statusChanged(TokenStatus previous, TokenStatus current) {
		this.lock.lock();
		try {
			TokenStatus since = (this.published != null) ? this.published : previous;
			this.published = since;
			if (this.open) {
				publish(since, current);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void publish(TokenStatus previous, TokenStatus current) {
		this.published = current;
		String previousFingerprint = previous.fingerprint();
		String fingerprint = current.fingerprint();
		Instant expiresAt = current.expiresAt();
		if (current.generation() != previous.generation() && previousFingerprint != null && fingerprint != null
				&& expiresAt != null) {
			this.publisher
				.publishEvent(new TokenRotatedEvent(previousFingerprint, fingerprint, current.generation(), expiresAt));
		}
		if (current.tokenState() != previous.tokenState() || current.sourceState() != previous.sourceState()) {
			this.publisher.publishEvent(new TokenStateChangedEvent(previous.tokenState(), current.tokenState(),
					previous.sourceState(), current.sourceState(), current.advice()));
		}
	}

}
