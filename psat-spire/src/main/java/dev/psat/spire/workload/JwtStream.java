package dev.psat.spire.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Holds the stream of JWT authorities. It begins after that of the X.509-SVIDs, without
 * which they are worth nothing, and again whenever that one does.
 */
final class JwtStream {

	/** Until the other stream begins again. */
	private static final Duration UNTIL_WOKEN = Duration.ofDays(365);

	private final WorkloadCalls calls;

	private final WorkloadMemory memory;

	private final Time time;

	private final StreamPause pause;

	private final Composure composure;

	private final VisitReport report;

	private volatile boolean allowed;

	/** When authorities must no longer be used that the agent refuses to confirm. */
	private @Nullable Renewal withdrawal;

	private boolean heard;

	JwtStream(WorkloadCalls calls, WorkloadMemory memory, Time time, StreamPause pause, Composure composure) {
		this.calls = calls;
		this.memory = memory;
		this.time = time;
		this.pause = pause;
		this.composure = composure;
		this.report = new VisitReport(new Failures(), "Calls for JWT authorities", 1);
	}

	/**
	 * Let the stream begin, which its thread has to be woken for.
	 */
	void allow() {
		this.allowed = true;
	}

	/**
	 * Hold a stream until it ends.
	 * @return how long to wait before the next one
	 */
	Duration follow() {
		if (!this.allowed) {
			return UNTIL_WOKEN;
		}
		this.heard = false;
		this.pause.begin();
		this.composure.regain();
		try {
			this.calls.followJwtAuthorities(this::accept);
			return this.pause.afterEnd();
		}
		catch (WorkloadException ex) {
			return isStopping() ? Duration.ZERO : after(ex);
		}
		catch (RuntimeException | Error ex) {
			if (isStopping()) {
				return Duration.ZERO;
			}
			Duration pause = this.pause.afterError();
			this.report.failed(this.report.unexpected(ex));
			return pause;
		}
	}

	private boolean isStopping() {
		return this.composure.stopping().getAsBoolean();
	}

	private void accept(Map<TrustDomain, TrustBundle> authorities) {
		this.heard = true;
		this.pause.heard();
		this.withdrawal = null;
		publish(authorities, null);
		this.report.succeeded();
		this.memory.outcomes().refreshed(null);
		this.composure.regain();
	}

	private Duration after(WorkloadException ex) {
		WorkloadFailureReason reason = ex.reason();
		if (reason == WorkloadFailureReason.CANCELLED || this.heard && reason == WorkloadFailureReason.UNREACHABLE) {
			return this.pause.afterEnd();
		}
		VisitException failure = WorkloadAdvice.failure(ex);
		if (reason == WorkloadFailureReason.UNIMPLEMENTED) {
			// there are no JWT-SVIDs to verify, which is no failure
			publish(Map.of(), null);
			this.report.failed(failure);
			return this.pause.afterFailure(reason);
		}
		if (reason == WorkloadFailureReason.NO_IDENTITY && this.withdrawal == null) {
			this.withdrawal = this.memory.publication().withdrawal();
		}
		if (this.withdrawal != null && this.withdrawal.isDue(this.time)) {
			publish(Map.of(), failure.toLastError(this.time.now()));
		}
		this.report.failed(failure);
		this.memory.outcomes().refreshed(failure);
		return this.pause.afterFailure(reason);
	}

	private void publish(Map<TrustDomain, TrustBundle> authorities, SpireStatus.@Nullable LastError error) {
		Instant now = this.time.now();
		WorkloadPublication.Change change = this.memory.publication()
			.update(this.composure.stopping(),
					(snapshot) -> snapshot.with(snapshot.trust().with(authorities, now), error));
		TrustReport.federated(change);
	}

	/**
	 * Return how long to wait after an error that could not be handled.
	 */
	Duration afterError() {
		return this.pause.afterError();
	}

	/**
	 * Publishes failures, but for an agent that has no JWT-SVIDs.
	 */
	private final class Failures implements VisitReport.Publication {

		@Override
		public void succeeded() {
		}

		@Override
		public void failed(VisitException failure) {
			if (!failure.isFor(WorkloadFailureReason.UNIMPLEMENTED)) {
				SpireStatus.LastError error = failure.toLastError(JwtStream.this.time.now());
				JwtStream.this.memory.publication()
					.update(JwtStream.this.composure.stopping(), (snapshot) -> snapshot.with(snapshot.trust(), error));
			}
		}

	}

}
