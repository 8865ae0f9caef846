package dev.psat.token;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A source of projected service account tokens. Of this interface only {@link #current()}
 * is abstract, so that a source of your own is one method over
 * {@link ProjectedToken#parse(String)}; {@link #builder(Path)} makes one that keeps the
 * newest token of a file in memory. All methods can be called by any thread.
 * <p>
 * Whoever receives a token can act as this pod. Therefore one source serves one receiver,
 * with an audience of its own.
 * <p>
 * This is no functional interface of the JDK on purpose: frameworks publish beans of such
 * types. Where one is wanted, {@code source::value} fits.
 *
 * @since 0.1.0
 */
public interface TokenSource extends AutoCloseable {

	/**
	 * Start to build a source for a file.
	 * @param path path of the projected token
	 * @return the builder
	 */
	static TokenSourceBuilder builder(Path path) {
		return new TokenSourceBuilder(path);
	}

	/**
	 * Return the token in force. If there is none in memory, or nothing has watched the
	 * file yet, the source looks for one first, which can take up to half a second; while
	 * the file system does not answer, it refuses at once. An interrupted thread gets the
	 * same answer and stays interrupted.
	 * @return the token
	 * @throws TokenUnavailableException if there is no token in force
	 * @throws IllegalStateException if the source is closed
	 */
	ProjectedToken current();

	/**
	 * Return the value of the token in force.
	 * @return see {@link ProjectedToken#value()}
	 * @throws TokenUnavailableException if there is no token in force
	 * @throws IllegalStateException if the source is closed
	 */
	default String value() {
		return current().value();
	}

	/**
	 * Return what may be shown of this source and its token. Never waits, unless this is
	 * a source of your own that does. Where {@link #current()} fails unexpectedly, this
	 * tells the type of the exception and never its message.
	 * @return the status at this instant
	 */
	default TokenStatus status() {
		try {
			return TokenStatus.of(HeldToken.uncounted(current(), TokenSourceBuilder.DEFAULT_CLOCK_SKEW),
					SourceView.NONE, null, null, Instant.now());
		}
		catch (TokenUnavailableException ex) {
			return TokenStatus.of(ex);
		}
		catch (RuntimeException ex) {
			return TokenStatus.of(new TokenUnavailableException(
					"Asking for a token failed with " + ex.getClass().getName(), TokenState.NONE, null,
					"Look at what the application makes its tokens with: the message is not shown, since it could hold one."));
		}
	}

	/**
	 * Look for another token now, and wait until it is clear what there is: at most two
	 * seconds, usually a millisecond. Calls that come together share one look; while the
	 * file system does not answer, there is none.
	 * @return the status after the look
	 * @throws IllegalStateException if the source is closed
	 */
	default TokenStatus refresh() {
		return status();
	}

	/**
	 * Tell a listener of every new token and every new state, beginning with the present
	 * ones if there are any. A source of your own that cannot tell ignores the call.
	 * @param listener the listener
	 * @throws IllegalStateException if the source is closed
	 */
	default void addListener(TokenListener listener) {
	}

	/**
	 * Stop telling a listener. A call of it that has begun goes on.
	 * @param listener the listener, as it was added
	 */
	default void removeListener(TokenListener listener) {
	}

	/**
	 * Tell an observer of every look at the file. Of the looks before this call it is
	 * told at once, of each with the mean time of its outcome, so that its counts and
	 * sums are right. A source of your own that does not look at a file ignores the call.
	 * @param observer the observer
	 * @throws IllegalStateException if the source is closed
	 */
	default void addObserver(LookObserver observer) {
	}

	/**
	 * Begin to watch. Waits until it is clear what there is, half a second at most. Does
	 * nothing if the source watches already. If no thread can be created, the source
	 * stays as it is, and the {@link OutOfMemoryError} is thrown.
	 * @throws IllegalStateException if the source is closed
	 */
	default void start() {
	}

	/**
	 * End the watching. The source can be started again and goes on to serve the token in
	 * memory while that is in force.
	 */
	default void stop() {
	}

	/**
	 * End for good: what is asked of the source from now on, but its status, is refused.
	 * Does nothing if the source is closed already.
	 */
	@Override
	default void close() {
	}

}
