package dev.psat.spire.tls;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of the peers that were accepted and refused since the application was started.
 *
 * @since 0.1.0
 */
public final class HandshakeCounts {

	private static final int OUTCOMES = HandshakeOutcome.values().length;

	private final AtomicLongArray counts = new AtomicLongArray(Direction.values().length * OUTCOMES);

	HandshakeCounts() {
	}

	void add(Direction direction, HandshakeOutcome outcome) {
		this.counts.incrementAndGet(index(direction, outcome));
	}

	/**
	 * Return how many handshakes had an outcome.
	 * @param direction the direction
	 * @param outcome the outcome
	 * @return the number, which never decreases
	 */
	public long count(Direction direction, HandshakeOutcome outcome) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
		return this.counts.get(index(direction, outcome));
	}

	private static int index(Direction direction, HandshakeOutcome outcome) {
		return direction.ordinal() * OUTCOMES + outcome.ordinal();
	}

}
