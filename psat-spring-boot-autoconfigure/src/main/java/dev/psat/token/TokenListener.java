package dev.psat.token;

/**
 * Is told that a {@link TokenSource} has another token, or another state.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenListener {

	/**
	 * Called by a thread that this listener has for itself, never by the one that watches
	 * the file. A listener that is slow misses the statuses between two calls and gets
	 * the latest one. What it throws is logged and goes no further.
	 * @param previous the status that this listener got last; at the first call one with
	 * {@link TokenState#NONE}
	 * @param current the status now
	 */
	void statusChanged(TokenStatus previous, TokenStatus current);

}
