package dev.psat.sample;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Keeps the application's latest tokens for the page. The first one arrives with a state
 * change, each later one with a rotation.
 */
@Component
class RotationHistory {

	static final int CAPACITY = 24;

	private final Deque<Rotation> rotations = new ArrayDeque<>(CAPACITY);

	@EventListener
	void onRotation(TokenRotatedEvent event) {
		add(new Rotation(Instant.now(), event.generation(), event.fingerprint(), event.expiresAt()));
	}

	@EventListener
	void onStateChange(TokenStateChangedEvent event) {
		if (event.fingerprint() != null && event.expiresAt() != null) {
			add(new Rotation(Instant.now(), event.generation(), event.fingerprint(), event.expiresAt()));
		}
	}

	private synchronized void add(Rotation rotation) {
		Rotation newest = this.rotations.peekFirst();
		if (newest != null && newest.generation() >= rotation.generation()) {
			return;
		}
		if (this.rotations.size() == CAPACITY) {
			this.rotations.removeLast();
		}
		this.rotations.addFirst(rotation);
	}

	/**
	 * Return the latest tokens.
	 * @return the tokens, newest first
	 */
	synchronized List<Rotation> newestFirst() {
		return List.copyOf(this.rotations);
	}

	record Rotation(Instant at, long generation, String fingerprint, Instant expiresAt) {

	}

}
