package dev.psat.token;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known about the file.
 *
 * @param state its state, {@code null} before the first look that tells anything
 * @param problem what is wrong, {@code null} if nothing is
 * @param lastCheckedAt when it was last looked at
 * @param rejectedReads how often its content was rejected
 * @param missedEvents how often a change arrived without an event
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
		return new SourceView(this.state, this.problem, this.lastCheckedAt, this.rejectedReads, this.missedEvents + 1);
	}

}
