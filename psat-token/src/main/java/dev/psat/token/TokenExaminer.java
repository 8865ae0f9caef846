package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import dev.psat.file.internal.FileContent;
import dev.psat.file.internal.LinkPath;
import dev.psat.file.internal.WriteSettling;
import org.jspecify.annotations.Nullable;

/**
 * Turns one reading of the file after another into a finding. Not thread-safe.
 */
final class TokenExaminer {

	private final Path path;

	private final Duration rest;

	private final WriteSettling settling;

	private final TokenJudge judge;

	private byte @Nullable [] lastBytes;

	private @Nullable ParsedContent parsed;

	private @Nullable SourceState lastProblem;

	TokenExaminer(Path path, Intervals intervals, TokenJudge judge) {
		this.path = path;
		this.rest = intervals.settling();
		this.settling = new WriteSettling(intervals.settling(), intervals.unrest());
		this.judge = judge;
	}

	Finding examine(TokenFile.Reading reading, @Nullable HeldToken held, long now) {
		FileContent content = reading.content();
		if (content == null) {
			this.settling.settle();
			return problematic(reading, false, reading.problem(), null);
		}
		byte[] lastBytes = this.lastBytes;
		boolean changed = !Arrays.equals(lastBytes, content.bytes());
		// equal arrays are compared once: at rest the parsed content has this very one
		byte[] bytes = (changed || lastBytes == null) ? content.bytes() : lastBytes;
		this.lastBytes = bytes;
		ParsedContent parsed = this.parsed;
		if (parsed != null && parsed.isOf(bytes)) {
			this.settling.settle();
			return judged(reading, changed, parsed, held, now);
		}
		Duration restLeft = this.settling.restLeft(content, reading.began(), reading.ended());
		if (restLeft != null) {
			return this.settling.isRestless()
					? problematic(reading, changed, FileProblem.unrest(this.path, this.rest), restLeft)
					: new Finding(reading.link(), changed, LookOutcome.UNCHANGED, null, null, restLeft);
		}
		parsed = ParsedContent.of(bytes);
		this.parsed = parsed;
		return judged(reading, changed, parsed, held, now);
	}

	private Finding judged(TokenFile.Reading reading, boolean changed, ParsedContent parsed, @Nullable HeldToken held,
			long now) {
		ProjectedToken token = parsed.token();
		if (token == null) {
			return problematic(reading, changed, parsed.problem(), null);
		}
		boolean known = held != null && held.token().value().equals(token.value());
		if (!known) {
			try {
				this.judge.judge(token, held, now);
			}
			catch (RejectedException ex) {
				return problematic(reading, changed, ex.problem(), null);
			}
		}
		this.lastProblem = null;
		FileProblem pinned = reading.isPinned() ? new FileProblem(SourceState.PINNED,
				"The file can never be replaced at its path: it is unlinked or mounted on its own") : null;
		return new Finding(reading.link(), changed, known ? LookOutcome.UNCHANGED : LookOutcome.ACCEPTED,
				known ? null : token, pinned, null);
	}

	private Finding problematic(TokenFile.Reading reading, boolean changed, @Nullable FileProblem problem,
			@Nullable Duration restLeft) {
		SourceState state = (problem != null) ? problem.state() : null;
		LookOutcome outcome = (problem == null || state == this.lastProblem) ? LookOutcome.UNCHANGED
				: problem.outcome();
		this.lastProblem = state;
		return new Finding(reading.link(), changed, outcome, null, problem, restLeft);
	}

	/**
	 * The finding of a look, of which there are three kinds: the file holds a good token,
	 * something is wrong with it, or it may be half written, which tells nothing.
	 *
	 * @param link where the path led
	 * @param changed whether the content differs from that of the last look that found
	 * any
	 * @param outcome the outcome of the look
	 * @param token the token to publish, {@code null} if there is none other than the one
	 * in memory
	 * @param problem what is wrong with the file, {@code null} if nothing is
	 * @param restLeft how much longer the file must rest before its content can be
	 * judged, {@code null} if it is settled
	 */
	record Finding(LinkPath link, boolean changed, LookOutcome outcome, @Nullable ProjectedToken token,
			@Nullable FileProblem problem, @Nullable Duration restLeft) {

		/**
		 * Return whether the look tells anything: it does if the file is settled, and if
		 * it keeps changing, which is a problem.
		 * @return whether the look is telling
		 */
		boolean isTelling() {
			return this.restLeft == null || this.problem != null;
		}

	}

	/**
	 * The content of a file and the result of parsing it: a token or a problem.
	 *
	 * @param bytes the content
	 * @param token the token, {@code null} with a problem
	 * @param problem why it is not a token, {@code null} if it is one
	 */
	private record ParsedContent(byte[] bytes, @Nullable ProjectedToken token, @Nullable FileProblem problem) {

		static ParsedContent of(byte[] bytes) {
			try {
				return new ParsedContent(bytes, TokenParser.parse(bytes), null);
			}
			catch (RejectedException ex) {
				return new ParsedContent(bytes, null, ex.problem());
			}
			catch (RuntimeException ex) {
				// not rethrown, since its message may quote the file
				return new ParsedContent(bytes, null,
						TokenParser.malformed("cannot be parsed (%s)".formatted(ex.getClass().getName())).problem());
			}
		}

		boolean isOf(byte[] bytes) {
			return Arrays.equals(this.bytes, bytes);
		}

	}

}
