package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Believes in trouble only when it lasts, since a file that is written in place flaps;
 * the very first look is believed at once.
 */
final class Confirmation {

	private final Duration lasting;

	private boolean first = true;

	private @Nullable Trouble believed;

	private @Nullable SourceState suspected;

	private long since;

	Confirmation(Duration lasting) {
		this.lasting = lasting;
	}

	/**
	 * Take what a look has seen.
	 * @param seen the trouble, or {@code null} if there was none
	 * @param nanoTime the present
	 * @return after which time another look is wanted, zero if the matter is settled
	 */
	Duration see(@Nullable Trouble seen, long nanoTime) {
		if (seen == null || this.first || (this.believed != null && this.believed.state() == seen.state())) {
			return believe(seen);
		}
		if (this.suspected != seen.state()) {
			this.suspected = seen.state();
			this.since = nanoTime;
		}
		Duration left = this.lasting.minusNanos(nanoTime - this.since);
		return (left.isNegative() || left.isZero()) ? believe(seen) : left;
	}

	/**
	 * Take notice of a look that says nothing, because the file is being written: what
	 * was suspected has not lasted.
	 */
	void doubt() {
		this.suspected = null;
	}

	@Nullable Trouble believed() {
		return this.believed;
	}

	private Duration believe(@Nullable Trouble trouble) {
		this.first = false;
		this.believed = trouble;
		this.suspected = null;
		return Duration.ZERO;
	}

}
