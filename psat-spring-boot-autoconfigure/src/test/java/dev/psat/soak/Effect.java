package dev.psat.soak;

import java.util.Set;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a fault on those that withstand it, according to the contract of the
 * library.
 *
 * @param tokenState the state that the token must reach
 * @param sourceState the state that the file must reach
 * @param current whether the newest token must be in memory
 * @param clocked whether this concerns only the sources whose clock is stepped
 * @param refusals the states in which a payload may be refused
 */
record Effect(TokenState tokenState, SourceState sourceState, boolean current, boolean clocked,
		Set<TokenState> refusals) {

	/** The newest token is in force and everything is as it should be. */
	static final Effect NONE = of(TokenState.VALID, SourceState.OK, true);

	static final Effect OVERDUE = of(TokenState.OVERDUE, SourceState.OK, true);

	/** Only the clock says so. */
	static final Effect EXPIRED = new Effect(TokenState.EXPIRED, SourceState.OK, true, false,
			Set.of(TokenState.EXPIRED));

	/**
	 * The token in memory stays in force, and the file has a problem.
	 * @param state the state that the file is in
	 * @return the effect
	 */
	static Effect problem(SourceState state) {
		return of(TokenState.VALID, state, false);
	}

	/**
	 * The clock is stepped to where the token in memory is not in force.
	 * @param state the state that it is in instead
	 * @return the effect
	 */
	static Effect stepped(TokenState state) {
		return new Effect(state, SourceState.OK, false, true, Set.of(state));
	}

	private static Effect of(TokenState tokenState, SourceState sourceState, boolean current) {
		return new Effect(tokenState, sourceState, current, false, Set.of());
	}

	boolean allows(@Nullable TokenState refusal) {
		return refusal != null && this.refusals.contains(refusal);
	}

	/**
	 * Return whether a subject shows this effect.
	 * @param subject the subject
	 * @param fingerprint the fingerprint of the newest token
	 * @return whether it does
	 */
	boolean isSeenBy(Subject subject, String fingerprint) {
		if (this.clocked && !subject.isClocked()) {
			return true;
		}
		TokenStatus status = subject.source().status();
		TokenStatus.Token token = status.token();
		return status.tokenState() == this.tokenState && status.sourceState() == this.sourceState
				&& (!this.current || (token != null && token.fingerprint().equals(fingerprint)));
	}

}
