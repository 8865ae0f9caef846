package dev.psat.token;

/**
 * Listens for new tokens and state changes of a {@link TokenSource}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenListener {

	/**
	 * Called by a thread dedicated to this listener, never by the one that watches the
	 * file. A slow listener misses the statuses between two calls and receives the latest
	 * one. Exceptions are logged and not propagated.
	 * @param previous the status that this listener received last; one with
	 * {@link TokenState#NONE} at the first call
	 * @param current the current status
	 */
	void statusChanged(TokenStatus previous, TokenStatus current);

}
