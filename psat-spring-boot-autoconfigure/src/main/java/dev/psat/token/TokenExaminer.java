package dev.psat.token;

import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Takes one look after another at the file and says what each found. Not thread-safe.
 */
final class TokenExaminer {

	private final TokenFile file;

	private final Settling settling;

	private final TokenJudge judge;

	private byte @Nullable [] parsedBytes;

	private @Nullable ProjectedToken parsedToken;

	private @Nullable Trouble parsedTrouble;

	private byte @Nullable [] lastBytes;

	private @Nullable SourceState lastTrouble;

	TokenExaminer(TokenFile file, Duration rest, TokenJudge judge) {
		this.file = file;
		this.settling = new Settling(rest);
		this.judge = judge;
	}

	Finding examine(@Nullable HeldToken held, long now) {
		long began = System.nanoTime();
		TokenFile.Reading reading = this.file.read();
		long ended = System.nanoTime();
		FileContent content = reading.content();
		if (content == null) {
			return troubled(reading, false, reading.trouble());
		}
		boolean changed = !Arrays.equals(this.lastBytes, content.bytes());
		this.lastBytes = content.bytes();
		boolean known = Arrays.equals(this.parsedBytes, content.bytes());
		Duration restLeft = known ? Duration.ZERO : this.settling.timeLeft(content, began, ended);
		if (!restLeft.isZero()) {
			return new Finding(reading.link(), changed, LookOutcome.UNCHANGED, null, null, restLeft);
		}
		if (!known) {
			parse(content.bytes());
		}
		return judged(reading, changed, content.pinned(), held, now);
	}

	private void parse(byte[] bytes) {
		ProjectedToken token = null;
		Trouble trouble = null;
		try {
			token = TokenParser.parse(bytes);
		}
		catch (RejectedException ex) {
			trouble = ex.trouble();
		}
		catch (RuntimeException ex) {
			// not thrown on, since its text may quote the file
			trouble = TokenParser.malformed("cannot be parsed (%s)".formatted(ex.getClass().getName())).trouble();
		}
		this.parsedBytes = bytes;
		this.parsedToken = token;
		this.parsedTrouble = trouble;
	}

	private Finding judged(TokenFile.Reading reading, boolean changed, boolean pinned, @Nullable HeldToken held,
			long now) {
		ProjectedToken token = this.parsedToken;
		if (token == null) {
			return troubled(reading, changed, this.parsedTrouble);
		}
		try {
			boolean same = held != null && held.token().value().equals(token.value());
			if (!same) {
				this.judge.judge(token, held, now);
			}
			this.lastTrouble = null;
			Trouble trouble = pinned ? new Trouble(SourceState.PINNED,
					"The file can never be replaced at its path: it is unlinked or mounted alone") : null;
			return new Finding(reading.link(), changed, same ? LookOutcome.UNCHANGED : LookOutcome.ACCEPTED,
					same ? null : token, trouble, Duration.ZERO);
		}
		catch (RejectedException ex) {
			return troubled(reading, changed, ex.trouble());
		}
	}

	private Finding troubled(TokenFile.Reading reading, boolean changed, @Nullable Trouble trouble) {
		SourceState state = (trouble != null) ? trouble.state() : null;
		LookOutcome outcome = (trouble == null || state == this.lastTrouble) ? LookOutcome.UNCHANGED
				: trouble.outcome();
		this.lastTrouble = state;
		return new Finding(reading.link(), changed, outcome, null, trouble, Duration.ZERO);
	}

	/**
	 * What a look found.
	 *
	 * @param link where the path led
	 * @param changed whether there was another content than at the last look that found
	 * any
	 * @param outcome what the look came to
	 * @param token the token to publish, {@code null} if there is none
	 * @param trouble what is wrong with the file, {@code null} if nothing is
	 * @param restLeft how long the file has to rest before it says anything
	 */
	record Finding(LinkPath link, boolean changed, LookOutcome outcome, @Nullable ProjectedToken token,
			@Nullable Trouble trouble, Duration restLeft) {

		boolean isRested() {
			return this.restLeft.isZero();
		}

	}

}
