package dev.psat.token;

/**
 * State of the token in memory, judged by the wall clock. If several apply, the first
 * constant is used.
 *
 * @since 0.1.0
 */
public enum TokenState {

	/** There has been no good token yet. */
	NONE,

	/** The token's {@code exp} has passed, including the leeway. */
	EXPIRED,

	/** The token's {@code nbf} is still ahead, including the leeway. */
	NOT_YET_VALID,

	/** The token is in force, but kubelet has failed to replace it in time. */
	OVERDUE,

	/** The token is in force. */
	VALID;

	/** Whether a token in this state may be used. */
	public boolean isInForce() {
		return this == VALID || this == OVERDUE;
	}

}
