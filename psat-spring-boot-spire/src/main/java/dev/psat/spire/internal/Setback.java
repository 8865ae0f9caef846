package dev.psat.spire.internal;

import java.time.Duration;

/**
 * A failure that may not be the first one, and the pause after it: one second, doubled
 * with each further failure, up to 30 seconds.
 *
 * @param failures how many failures there were in a row
 * @param at when the last one happened, by the monotonic clock
 */
record Setback(int failures, long at) {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	static Setback first(Time time) {
		return new Setback(1, time.nanos());
	}

	Setback again(Time time) {
		return new Setback(this.failures + 1, time.nanos());
	}

	boolean isOver(Time time) {
		return time.nanos() - this.at >= pause().toNanos();
	}

	private Duration pause() {
		Duration pause = Duration.ofSeconds(1L << Math.min(this.failures - 1, 5));
		return (pause.compareTo(LONGEST) < 0) ? pause : LONGEST;
	}

}
