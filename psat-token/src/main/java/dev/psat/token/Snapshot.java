package dev.psat.token;

import java.nio.file.Path;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** Everything that a source publishes, in one piece. */
record Snapshot(@Nullable HeldToken held, SourceView source) {

	static final Snapshot EMPTY = new Snapshot(null, SourceView.NONE);

	Snapshot with(SourceView source) {
		return new Snapshot(this.held, source);
	}

	TokenState tokenStateAt(Instant now) {
		return (this.held != null) ? this.held.validity().stateAt(now.toEpochMilli()) : TokenState.NONE;
	}

	/** A status need not be created to learn that it would be the same. */
	boolean isNews(TokenStatus known, Instant now) {
		long generation = (this.held != null) ? this.held.generation() : 0;
		return differs(known, generation, tokenStateAt(now), this.source.state());
	}

	static boolean differ(TokenStatus known, TokenStatus status) {
		return differs(known, generation(status), status.tokenState(), status.sourceState());
	}

	private static boolean differs(TokenStatus known, long generation, TokenState tokenState,
			@Nullable SourceState sourceState) {
		return generation(known) != generation || known.tokenState() != tokenState
				|| known.sourceState() != sourceState;
	}

	static long generation(TokenStatus status) {
		TokenStatus.Token token = status.token();
		return (token != null) ? token.generation() : 0;
	}

	TokenStatus status(Path path, WatchMode mode, Instant now) {
		return status(TokenStatus.Watch.builder(path, mode)
			.rotations((this.held != null) ? this.held.generation() - 1 : 0)
			.lastRotatedAt((this.held != null) ? this.held.rotatedAt() : null)
			.lastCheckedAt(this.source.lastCheckedAt())
			.rejectedReads(this.source.rejectedReads())
			.missedEvents(this.source.missedEvents())
			.build(), now);
	}

	TokenStatus status(TokenStatus.@Nullable Watch watch, Instant now) {
		TokenState state = tokenStateAt(now);
		TokenStatus.Builder status = TokenStatus.builder(state).sourceState(this.source.state()).watch(watch);
		if (this.held != null) {
			status.token(this.held.shownAt(now))
				.message(this.held.validity().message(state))
				.advice(Validity.advice(state));
		}
		FileProblem problem = this.source.problem();
		if (problem != null) {
			status.message(problem.message()).advice(problem.advice());
		}
		return status.build();
	}

	/**
	 * What is known about the file.
	 *
	 * @param state its state, {@code null} before the first look that tells anything
	 * @param problem what is wrong, {@code null} if nothing is
	 */
	record SourceView(@Nullable SourceState state, @Nullable FileProblem problem, @Nullable Instant lastCheckedAt,
			long rejectedReads, long missedEvents) {

		static final SourceView NONE = new SourceView(null, null, null, 0, 0);

		SourceView in(@Nullable FileProblem problem) {
			return new SourceView((problem != null) ? problem.state() : SourceState.OK, problem, this.lastCheckedAt,
					this.rejectedReads, this.missedEvents);
		}

		SourceView checked(LookOutcome outcome, Instant now) {
			return new SourceView(this.state, this.problem, now, this.rejectedReads + (outcome.isRejection() ? 1 : 0),
					this.missedEvents);
		}

		SourceView missedEvent() {
			return new SourceView(this.state, this.problem, this.lastCheckedAt, this.rejectedReads,
					this.missedEvents + 1);
		}

	}

}
