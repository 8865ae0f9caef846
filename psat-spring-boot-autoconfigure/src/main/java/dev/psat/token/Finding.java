package dev.psat.token;

import java.time.Duration;

import dev.psat.file.LinkPath;
import org.jspecify.annotations.Nullable;

/**
 * The finding of a look, of which there are three kinds: the file holds a good token,
 * something is wrong with it, or it may be half written, which tells nothing.
 *
 * @param link where the path led
 * @param changed whether the content differs from that of the last look that found any
 * @param outcome the outcome of the look
 * @param token the token to publish, {@code null} if there is none other than the one in
 * memory
 * @param problem what is wrong with the file, {@code null} if nothing is
 * @param restLeft how much longer the file must rest before its content can be judged,
 * {@code null} if it is settled
 */
record Finding(LinkPath link, boolean changed, LookOutcome outcome, @Nullable ProjectedToken token,
		@Nullable FileProblem problem, @Nullable Duration restLeft) {

	/**
	 * Return whether the look tells anything: it does if the file is settled, and if it
	 * keeps changing, which is a problem.
	 * @return whether the look is telling
	 */
	boolean isTelling() {
		return this.restLeft == null || this.problem != null;
	}

}
