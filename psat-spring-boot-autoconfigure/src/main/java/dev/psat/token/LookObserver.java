package dev.psat.token;

import java.time.Duration;

/**
 * Is told of every look that a {@link TokenSource} takes at its file. For metrics;
 * whoever wants to know of a new token is a {@link TokenListener}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LookObserver {

	/**
	 * Called after each look by the thread that looked, so it must be quick and never
	 * block: it would hold up the watching. What it throws goes no further; it is logged
	 * once, until a call succeeds again.
	 * @param outcome what the look came to
	 * @param sinceCause time from what caused the look (a file event, the end of a poll
	 * interval, the beginning of a look on demand) until it was published
	 */
	void looked(LookOutcome outcome, Duration sinceCause);

}
