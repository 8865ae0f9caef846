package dev.psat.token;

/**
 * State of the place that a token comes from. If several apply, the first constant is
 * used.
 *
 * @since 0.1.0
 */
public enum SourceState {

	/** There is nothing at the path, or a dangling link. */
	MISSING,

	/**
	 * What is at the path cannot be read: it is a link loop or not a regular file,
	 * permission is denied, it is written to without a pause, or the file system does not
	 * answer.
	 */
	UNREADABLE,

	/**
	 * The file is not a JWT: it is empty, too large, contains forbidden characters, or is
	 * broken.
	 */
	MALFORMED,

	/** The token in the file is meant for another audience. */
	WRONG_AUDIENCE,

	/** The token in the file is not in force while the token in memory is. */
	STALE,

	/**
	 * The file holds the token in memory, but the path can never show another one: it is
	 * a {@code subPath} mount or an unlinked file.
	 */
	PINNED,

	/** The file holds the token in memory. */
	OK

}
