package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.internal.BackOff;
import org.jspecify.annotations.Nullable;

/**
 * Requests visits for calls that find no agent, which the visit schedule does not know
 * about. Simultaneous calls share a visit, and a separate back-off keeps a refused
 * application from attesting once per request.
 */
final class AgentDemand {

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	private final Supplier<@Nullable Agent> current;

	private final Supplier<Duration> conflictPause;

	private final Supplier<CompletableFuture<Void>> want;

	private final Time time;

	private BackOff backOff = BackOff.NONE;

	private @Nullable CompletableFuture<Void> visit;

	AgentDemand(Supplier<@Nullable Agent> current, Supplier<Duration> conflictPause,
			Supplier<CompletableFuture<Void>> want, Time time) {
		this.current = current;
		this.conflictPause = conflictPause;
		this.want = want;
		this.time = time;
	}

	@Nullable Agent agent(Deadline deadline) {
		Agent agent = this.current.get();
		if (agent != null) {
			return agent;
		}
		CompletableFuture<Void> visit = visit();
		if (visit != null) {
			deadline.await(visit);
			settle();
		}
		return this.current.get();
	}

	private synchronized @Nullable CompletableFuture<Void> visit() {
		settle();
		if (this.visit == null && this.conflictPause.get().isZero() && this.backOff.isOver(this.time)) {
			this.visit = this.want.get();
		}
		return this.visit;
	}

	private synchronized void settle() {
		if (this.visit != null && this.visit.isDone()) {
			this.visit = null;
			if (this.current.get() == null && this.conflictPause.get().isZero()) {
				failed();
			}
		}
	}

	/** There is no agent, or a new one is as useless as its predecessor. */
	synchronized void failed() {
		this.backOff = this.backOff.failed(Duration.ZERO, LONGEST_BACK_OFF, this.time);
	}

	synchronized void succeeded() {
		this.backOff = BackOff.NONE;
	}

}
