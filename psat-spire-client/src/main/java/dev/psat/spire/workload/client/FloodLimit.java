package dev.psat.spire.workload.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many frames may come that bring no message any further. A stream is open for weeks,
 * and a PING now and then is nothing unusual; so what was used up is given back in time.
 */
final class FloodLimit {

	private static final int MOST = 1000;

	private static final long NANOS_PER_FRAME = Duration.ofMillis(20).toNanos();

	private final LongSupplier nanoTime;

	private long last;

	private long left = MOST * NANOS_PER_FRAME;

	FloodLimit(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.last = nanoTime.getAsLong();
	}

	void count() {
		long now = this.nanoTime.getAsLong();
		this.left = Math.min(MOST * NANOS_PER_FRAME, this.left + now - this.last) - NANOS_PER_FRAME;
		this.last = now;
		if (this.left < 0) {
			throw new MalformedAnswerException("It floods the connection with frames that mean nothing");
		}
	}

}
