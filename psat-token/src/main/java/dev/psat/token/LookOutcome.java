package dev.psat.token;

/**
 * Outcome of one look at the file.
 *
 * @since 0.1.0
 */
public enum LookOutcome {

	/**
	 * The same bytes, or the same problem, as at the previous look; or bytes that are
	 * still being written.
	 */
	UNCHANGED,

	/**
	 * A new token was published.
	 */
	ACCEPTED,

	/**
	 * See {@link SourceState#MISSING}.
	 */
	MISSING,

	/**
	 * See {@link SourceState#UNREADABLE}.
	 */
	UNREADABLE,

	/**
	 * See {@link SourceState#MALFORMED}.
	 */
	MALFORMED,

	/**
	 * See {@link SourceState#WRONG_AUDIENCE}.
	 */
	WRONG_AUDIENCE,

	/**
	 * See {@link SourceState#STALE}.
	 */
	STALE;

	/**
	 * Return whether the content of the file was rejected.
	 * @return whether it was rejected
	 */
	boolean isRejection() {
		return switch (this) {
			case UNREADABLE, MALFORMED, WRONG_AUDIENCE, STALE -> true;
			case UNCHANGED, ACCEPTED, MISSING -> false;
		};
	}

}
