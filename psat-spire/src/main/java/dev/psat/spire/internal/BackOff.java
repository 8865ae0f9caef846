package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.concurrent.internal.Time;

/**
 * A series of failures, and the pause after the last of them, which doubles with each.
 */
public record BackOff(int failures, long at, Duration pause) {

	public static final BackOff NONE = new BackOff(0, 0, Duration.ZERO);

	private static final Duration SHORTEST = Duration.ofMillis(200);

	private static final Duration FIRST = Duration.ofSeconds(1);

	/** Without jitter. */
	BackOff failed(Duration cap, Time time) {
		return new BackOff(this.failures + 1, time.nanos(), shorter(doubled(FIRST, this.failures), cap));
	}

	/**
	 * With full jitter, which takes up at least as much again as what to wait at least,
	 * so that clients refused at the same time do not return at the same time.
	 */
	public BackOff failed(Duration atLeast, Duration cap, Time time) {
		Duration twice = atLeast.plus(atLeast);
		Duration bound = shorter(doubled(longer(twice, FIRST), this.failures), longer(twice, cap));
		long from = atLeast.toMillis();
		Duration pause = Duration.ofMillis(from + time.random().nextLong(bound.toMillis() - from + 1));
		return new BackOff(this.failures + 1, time.nanos(), longer(pause, SHORTEST));
	}

	public boolean isOver(Time time) {
		return this.failures == 0 || time.nanos() - this.at >= this.pause.toNanos();
	}

	private static Duration doubled(Duration first, int times) {
		// not multipliedBy, which needs more memory than a full heap may have
		return Duration.ofMillis(first.toMillis() << Math.min(times, 20));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

}
