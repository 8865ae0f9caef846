package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a look found. There are three kinds: the file holds a good token, the file is
 * troubled, or the file may be half written, which says nothing.
 *
 * @param link where the path led
 * @param changed whether there was another content than at the last look that found any
 * @param outcome what the look came to
 * @param token the token to publish, {@code null} if there is none, or none but the one
 * in memory
 * @param trouble what is wrong with the file, {@code null} if nothing is
 * @param restLeft how long the file has to rest until it can be said what it holds,
 * {@code null} if it is settled
 */
record Finding(LinkPath link, boolean changed, LookOutcome outcome, @Nullable ProjectedToken token,
		@Nullable Trouble trouble, @Nullable Duration restLeft) {

	/**
	 * Return whether the look says anything: about a file that is settled it does, and
	 * about one that never rests, which is trouble.
	 * @return whether it does
	 */
	boolean isTelling() {
		return this.restLeft == null || this.trouble != null;
	}

}
