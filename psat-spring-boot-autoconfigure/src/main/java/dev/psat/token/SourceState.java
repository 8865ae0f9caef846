package dev.psat.token;

/**
 * State of the place that a token comes from. Where several apply, the first constant
 * does.
 *
 * @since 0.1.0
 */
public enum SourceState {

	/**
	 * There is nothing at the path, or a dangling link.
	 */
	MISSING,

	/**
	 * What is at the path cannot be read: not a regular file, a link loop, no permission,
	 * a file that is written to without a pause, or a file system that does not answer.
	 */
	UNREADABLE,

	/**
	 * The file is not a JWT: empty, too large, with forbidden characters, or broken.
	 */
	MALFORMED,

	/**
	 * The token in the file is meant for somebody else.
	 */
	WRONG_AUDIENCE,

	/**
	 * The token in the file is not in force while the token in memory is.
	 */
	STALE,

	/**
	 * The file is the token in memory, but the path can never show another one: it is a
	 * {@code subPath} mount or an unlinked file.
	 */
	PINNED,

	/**
	 * The file is the token in memory.
	 */
	OK

}
