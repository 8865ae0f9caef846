package dev.psat.token;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A source of projected service account tokens. Only {@link #current()} is abstract, so
 * that a custom source is a single method based on {@link ProjectedToken#parse(String)};
 * {@link #builder(Path)} builds a source that keeps the newest token of a file in memory.
 * All methods can be called from any thread.
 * <p>
 * Whoever receives a token can act as this pod, so use a separate source for each
 * receiver, with an audience of its own.
 * <p>
 * This interface deliberately does not extend a functional interface of the JDK, since
 * frameworks publish beans of such types. Use {@code source::value} where one is needed.
 *
 * @since 0.1.0
 */
public interface TokenSource extends AutoCloseable {

	/**
	 * Return a builder of a source that reads a file.
	 * @param path the path of the projected token
	 * @return the builder
	 */
	static TokenSourceBuilder builder(Path path) {
		return new TokenSourceBuilder(path);
	}

	/**
	 * Return the token in force. If there is none in memory, or the file has never been
	 * watched, the source looks for one first, which can take up to half a second; while
	 * the file system does not answer, it refuses immediately. An interrupted thread gets
	 * the same answer and remains interrupted.
	 * @return the token
	 * @throws TokenUnavailableException if there is no token in force
	 * @throws IllegalStateException if the source is closed
	 */
	ProjectedToken current();

	/**
	 * Return the {@link ProjectedToken#value() value} of the {@link #current() token in
	 * force}.
	 * @return the value
	 */
	default String value() {
		return current().value();
	}

	/**
	 * Return what may be shown of this source and its token. Never blocks, unless a
	 * custom source does. If {@link #current()} fails unexpectedly, the status has the
	 * type of the exception, but never its message.
	 * @return the current status
	 */
	default TokenStatus status() {
		try {
			HeldToken held = HeldToken.uncounted(current(), TokenSourceBuilder.DEFAULT_CLOCK_SKEW);
			return new Snapshot(held, Snapshot.SourceView.NONE).status(null, Instant.now());
		}
		catch (TokenUnavailableException ex) {
			return refused(ex);
		}
		catch (RuntimeException ex) {
			return refused(new TokenUnavailableException("Asking for a token failed with " + ex.getClass().getName(),
					TokenState.NONE, null,
					"Check how the application obtains its tokens: the message is not shown, since it could contain one."));
		}
	}

	private static TokenStatus refused(TokenUnavailableException ex) {
		return TokenStatus.builder(ex.tokenState())
			.sourceState(ex.sourceState())
			.message(ex.getMessage())
			.advice(ex.advice())
			.build();
	}

	/**
	 * Look for a new token now and wait until the result is clear: usually a millisecond,
	 * two seconds at most. Concurrent calls share one look; while the file system does
	 * not answer, there is none.
	 * @return the status after the look
	 * @throws IllegalStateException if the source is closed
	 */
	default TokenStatus refresh() {
		return status();
	}

	/**
	 * Add a listener that is notified of every new token and every new state, beginning
	 * with the current ones if there are any. A custom source that cannot notify
	 * listeners ignores the call.
	 * @param listener the listener
	 * @throws IllegalStateException if the source is closed
	 */
	default void addListener(TokenListener listener) {
	}

	/**
	 * Remove a listener. A call to it that is in progress continues.
	 * @param listener the listener that was added
	 */
	default void removeListener(TokenListener listener) {
	}

	/**
	 * Add an observer that is notified of every look at the file. Earlier looks are
	 * replayed immediately, each with the mean time of its outcome, so that counts and
	 * sums are correct. A custom source that does not look at a file ignores the call.
	 * @param observer the observer
	 * @throws IllegalStateException if the source is closed
	 */
	default void addObserver(LookObserver observer) {
	}

	/**
	 * Start watching. Waits for a clear result, half a second at most. Does nothing if
	 * the source is already watching. If no thread can be created, the source stays as it
	 * is and the {@link OutOfMemoryError} is thrown.
	 * @throws IllegalStateException if the source is closed
	 */
	default void start() {
	}

	/**
	 * Stop watching. The source can be started again and continues to serve the token in
	 * memory while it is in force.
	 */
	default void stop() {
	}

	/**
	 * Close the source for good. From now on it refuses everything but {@link #status()}.
	 * Does nothing if the source is already closed.
	 */
	@Override
	default void close() {
	}

}
