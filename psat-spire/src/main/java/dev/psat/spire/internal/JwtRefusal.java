package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Answers further calls for a while, without the exception, whose stack trace would take
 * memory.
 */
record JwtRefusal(String message, SpireState state, String advice, BackOff backOff) {

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	/**
	 * Calls that were under way at the same time fail together, which makes no pause
	 * longer.
	 */
	static JwtRefusal after(@Nullable JwtRefusal last, SvidUnavailableException ex, long began, Time time) {
		BackOff backOff = (last != null) ? last.backOff() : BackOff.NONE;
		boolean together = last != null && began - backOff.at() < 0;
		return new JwtRefusal(String.valueOf(ex.getMessage()), ex.state(), ex.advice(),
				together ? backOff : backOff.failed(LONGEST_BACK_OFF, time));
	}

	boolean stands(Time time) {
		return !this.backOff.isOver(time);
	}

	SvidUnavailableException exception() {
		return new SvidUnavailableException(this.message, this.state, this.advice);
	}

}
