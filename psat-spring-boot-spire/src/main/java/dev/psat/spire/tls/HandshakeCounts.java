package dev.psat.spire.tls;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many peers were let in and refused since the application has started.
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
	 * @param direction who began them
	 * @param outcome the outcome
	 * @return the number, which never falls
	 */
	public long count(Direction direction, HandshakeOutcome outcome) {
		return this.counts.get(index(direction, outcome));
	}

	private static int index(Direction direction, HandshakeOutcome outcome) {
		return direction.ordinal() * OUTCOMES + outcome.ordinal();
	}

}
