package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * What an application may show from the beginning of a fault until it is over, by the
 * design of the library, and how soon it must.
 *
 * @param states the states that it may be in
 * @param reasons the reasons that its last error may have
 * @param seenWithin how soon the fault must be seen
 * @param overWithin how soon all must be well again after the fault was mended
 */
record Effect(Set<SpireState> states, Set<String> reasons, Duration seenWithin, Duration overWithin) {

	/** A visit each 5 seconds and what it asks for, with a margin. */
	private static final Duration SEEN = Duration.ofSeconds(15);

	private static final Duration OVER = Duration.ofSeconds(20);

	/** An application that nothing is wrong with. */
	static final Effect NONE = new Effect(EnumSet.of(SpireState.READY), Set.of(), SEEN, OVER);

	/**
	 * Visits fail, and the SVID in force serves.
	 * @param reasons why visits may fail
	 * @return the effect
	 */
	static Effect failing(String... reasons) {
		return new Effect(EnumSet.of(SpireState.READY, SpireState.RENEWAL_FAILING), Set.of(reasons), SEEN, OVER);
	}

	/**
	 * The application may be in further states.
	 * @param states the states
	 * @return the effect
	 */
	Effect or(SpireState... states) {
		EnumSet<SpireState> all = EnumSet.copyOf(this.states);
		all.addAll(Set.of(states));
		return new Effect(all, this.reasons, this.seenWithin, this.overWithin);
	}

	Effect seenWithin(Duration bound) {
		return new Effect(this.states, this.reasons, bound, this.overWithin);
	}

	Effect overWithin(Duration bound) {
		return new Effect(this.states, this.reasons, this.seenWithin, bound);
	}

	/**
	 * Return what an application shows and may not.
	 * @param status what it shows
	 * @return that, {@code null} if it may show all of it
	 */
	@Nullable String contradiction(SpireStatus status) {
		if (!this.states.contains(status.state())) {
			return "was " + status.state();
		}
		SpireStatus.LastError error = status.lastError();
		if (error != null && !this.reasons.contains(error.reason())) {
			return "showed the error %s (%s)".formatted(error.reason(), error.message());
		}
		return null;
	}

}
