package dev.psat.benchmarks.staleness;

import java.time.Duration;

/**
 * Counts what a peer has handed out.
 */
final class Tally {

	/** The leeway that the API server, which SPIRE asks, grants on expiry. */
	private static final Duration LEEWAY = Duration.ofMinutes(1);

	private long calls;

	private long replaced;

	private long expired;

	private long pastLeeway;

	private long refused;

	void countToken(boolean newest, long expiresAt, long now) {
		this.calls++;
		this.replaced += newest ? 0 : 1;
		this.expired += (now > expiresAt) ? 1 : 0;
		this.pastLeeway += (now > expiresAt + LEEWAY.toMillis()) ? 1 : 0;
	}

	void countRefusal() {
		this.calls++;
		this.refused++;
	}

	long calls() {
		return this.calls;
	}

	double replaced() {
		return percent(this.replaced);
	}

	double expired() {
		return percent(this.expired);
	}

	double pastLeeway() {
		return percent(this.pastLeeway);
	}

	double refused() {
		return percent(this.refused);
	}

	private double percent(long count) {
		return 100.0 * count / this.calls;
	}

}
