package dev.psat.benchmarks.soak;

import java.util.Set;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a fault does to those that withstand it, by the contract of the library.
 *
 * @param tokenState which state the token must come to
 * @param sourceState which state the file must come to, {@code null} if that is not to be
 * awaited
 * @param current whether the newest token must be in memory
 * @param clocked whether this is about the sources alone whose clock is stepped
 * @param refusals in which states a payload may be refused
 */
record Effect(TokenState tokenState, @Nullable SourceState sourceState, boolean current, boolean clocked,
		Set<TokenState> refusals) {

	/** The newest token is in force and everything is as it should be. */
	static final Effect NONE = of(TokenState.VALID, SourceState.OK, true);

	/** Nothing is awaited but that everything mends. */
	static final Effect ANY = of(TokenState.VALID, null, false);

	static final Effect OVERDUE = of(TokenState.OVERDUE, SourceState.OK, true);

	/** Nothing but the clock says so. */
	static final Effect EXPIRED = new Effect(TokenState.EXPIRED, SourceState.OK, true, false,
			Set.of(TokenState.EXPIRED));

	/**
	 * The token in memory stays in force, and the file is in trouble.
	 * @param state the trouble
	 * @return the effect
	 */
	static Effect trouble(SourceState state) {
		return of(TokenState.VALID, state, false);
	}

	/**
	 * The clock is stepped to where the token in memory is not in force.
	 * @param state what it is instead
	 * @return the effect
	 */
	static Effect stepped(TokenState state) {
		return new Effect(state, SourceState.OK, false, true, Set.of(state));
	}

	private static Effect of(TokenState tokenState, @Nullable SourceState sourceState, boolean current) {
		return new Effect(tokenState, sourceState, current, false, Set.of());
	}

	boolean allows(@Nullable TokenState refusal) {
		return refusal != null && this.refusals.contains(refusal);
	}

	/**
	 * Return whether a subject has come to this.
	 * @param subject the subject
	 * @param fingerprint the newest token's
	 * @return whether it has
	 */
	boolean isSeenBy(Subject subject, String fingerprint) {
		if (this.sourceState == null || (this.clocked && !subject.isClocked())) {
			return true;
		}
		TokenStatus status = subject.source().status();
		return status.tokenState() == this.tokenState && status.sourceState() == this.sourceState
				&& (!this.current || fingerprint.equals(status.fingerprint()));
	}

}
