package dev.psat.token;

/**
 * State of the token in memory, judged by the wall clock. Where several apply, the first
 * constant does.
 *
 * @since 0.1.0
 */
public enum TokenState {

	/**
	 * There has been no good token yet.
	 */
	NONE,

	/**
	 * The clock is past the token's {@code exp}, the leeway included.
	 */
	EXPIRED,

	/**
	 * The token's {@code nbf} is still ahead, the leeway included.
	 */
	NOT_YET_VALID,

	/**
	 * The token is in force, but kubelet should have replaced it and has not.
	 */
	OVERDUE,

	/**
	 * The token is in force.
	 */
	VALID;

	/**
	 * Return whether a token in this state is in force, so that it may be used.
	 * @return whether the token is in force
	 */
	public boolean isInForce() {
		return this == VALID || this == OVERDUE;
	}

}
