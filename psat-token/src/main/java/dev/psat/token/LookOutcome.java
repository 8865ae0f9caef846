package dev.psat.token;

/**
 * Outcome of one look at the file. A problem has the name of its {@link SourceState}.
 *
 * @since 0.1.0
 */
public enum LookOutcome {

	/**
	 * The same bytes, or the same problem, as at the previous look; or bytes that are
	 * still being written.
	 */
	UNCHANGED,

	/** A new token was published. */
	ACCEPTED,

	MISSING,

	UNREADABLE,

	MALFORMED,

	WRONG_AUDIENCE,

	STALE;

	boolean isRejection() {
		return this != UNCHANGED && this != ACCEPTED && this != MISSING;
	}

}
