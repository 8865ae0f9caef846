package dev.psat.token;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the file.
 *
 * @param state its state, {@code null} until the first look
 * @param trouble what is wrong, {@code null} if nothing is
 * @param watch how changes are noticed, {@code null} if there is no file
 * @param lastCheckedAt when it was last looked at
 * @param rejectedReads how often what was in it was not taken
 * @param missedEvents how often a change came without an event
 */
record SourceView(@Nullable SourceState state, @Nullable Trouble trouble, @Nullable WatchMode watch,
		@Nullable Instant lastCheckedAt, long rejectedReads, long missedEvents) {

	static final SourceView NONE = new SourceView(null, null, null, null, 0, 0);

	SourceView checked(@Nullable SourceState state, @Nullable Trouble trouble, boolean rejected, Instant now) {
		return new SourceView(state, trouble, this.watch, now, this.rejectedReads + (rejected ? 1 : 0),
				this.missedEvents);
	}

	SourceView watchedBy(WatchMode watch) {
		return new SourceView(this.state, this.trouble, watch, this.lastCheckedAt, this.rejectedReads,
				this.missedEvents);
	}

	SourceView missedEvent() {
		return new SourceView(this.state, this.trouble, this.watch, this.lastCheckedAt, this.rejectedReads,
				this.missedEvents + 1);
	}

}
