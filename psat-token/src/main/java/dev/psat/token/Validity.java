package dev.psat.token;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * When a token is in which state, in milliseconds since the epoch because they are
 * compared for every payload.
 *
 * @param from the first millisecond in force
 * @param overdueFrom the first millisecond overdue
 * @param until the last millisecond in force
 */
record Validity(long from, long overdueFrom, long until) {

	static Validity of(ProjectedToken token, Duration clockSkew) {
		TokenTimes times = token.times();
		Instant notBefore = times.notBefore();
		Instant overdueFrom = times.overdueFrom();
		return new Validity((notBefore != null) ? notBefore.minus(clockSkew).toEpochMilli() : Long.MIN_VALUE,
				(overdueFrom != null) ? overdueFrom.toEpochMilli() : Long.MAX_VALUE,
				times.expiresAt().plus(clockSkew).toEpochMilli());
	}

	boolean isInForce(long now) {
		return now >= this.from && now <= this.until;
	}

	TokenState stateAt(long now) {
		if (now > this.until) {
			return TokenState.EXPIRED;
		}
		if (now < this.from) {
			return TokenState.NOT_YET_VALID;
		}
		return (now >= this.overdueFrom) ? TokenState.OVERDUE : TokenState.VALID;
	}

	/** What is wrong in this state, {@code null} if nothing is. */
	@Nullable String message(TokenState state) {
		return switch (state) {
			case EXPIRED -> "The token expired, leeway included, at " + Instant.ofEpochMilli(this.until);
			case NOT_YET_VALID -> "The token becomes valid, leeway included, at " + Instant.ofEpochMilli(this.from);
			case OVERDUE -> "kubelet should have replaced the token by " + Instant.ofEpochMilli(this.overdueFrom);
			case NONE, VALID -> null;
		};
	}

	/** What to do about it, {@code null} if nothing is wrong. */
	static @Nullable String advice(TokenState state) {
		return switch (state) {
			case EXPIRED, OVERDUE ->
				"Check that the volume is not mounted with 'subPath', that the pod is not terminating "
						+ "and that none of its volumes is stuck, and check the kubelet of the node.";
			case NOT_YET_VALID -> "Compare the clocks of this node and the API server.";
			case NONE, VALID -> null;
		};
	}

	/**
	 * The first millisecond of the next state, {@link Long#MAX_VALUE} if there is none.
	 */
	long nextChange(long now) {
		if (now < this.from) {
			return this.from;
		}
		if (now < this.overdueFrom && this.overdueFrom <= this.until) {
			return this.overdueFrom;
		}
		return (now <= this.until) ? this.until + 1 : Long.MAX_VALUE;
	}

}
