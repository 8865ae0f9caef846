package dev.psat.token;

import java.time.Duration;

/**
 * Observes every look that a {@link TokenSource} takes at its file. Intended for metrics;
 * use a {@link TokenListener} to learn about new tokens.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LookObserver {

	/**
	 * Called after each look by the thread that looked. Implementations must be quick and
	 * must not block, since that would delay the watching. Exceptions are not propagated,
	 * and are logged once until a call succeeds again.
	 * @param outcome the outcome of the look
	 * @param sinceCause the time from the cause of the look (a file event, the end of a
	 * poll interval, the start of a look on demand) until its result was published
	 */
	void looked(LookOutcome outcome, Duration sinceCause);

}
