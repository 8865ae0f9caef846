package dev.psat.spire.tls.internal;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;

/**
 * Counts handshakes.
 */
final class HandshakeCounters implements HandshakeCounts {

	private static final int OUTCOMES = HandshakeOutcome.values().length;

	private final AtomicLongArray counts = new AtomicLongArray(Direction.values().length * OUTCOMES);

	void add(Direction direction, HandshakeOutcome outcome) {
		this.counts.incrementAndGet(index(direction, outcome));
	}

	@Override
	public long count(Direction direction, HandshakeOutcome outcome) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
		return this.counts.get(index(direction, outcome));
	}

	private static int index(Direction direction, HandshakeOutcome outcome) {
		return direction.ordinal() * OUTCOMES + outcome.ordinal();
	}

}
