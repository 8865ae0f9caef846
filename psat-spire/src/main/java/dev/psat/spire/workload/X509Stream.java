package dev.psat.spire.workload;

import java.time.Duration;

import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadX509Update;

/**
 * Holds the stream of X.509-SVIDs, and begins it again when it has ended.
 */
final class X509Stream {

	private final WorkloadCalls calls;

	private final X509Keeper keeper;

	private final StreamPause pause;

	private final Composure composure;

	private final Runnable established;

	private final Runnable progress;

	private boolean heard;

	/**
	 * Create an instance.
	 * @param calls calls the Workload API
	 * @param keeper takes what the stream brings
	 * @param pause how long to wait in between
	 * @param composure keeps strangers from ending the stream
	 * @param established called after the first message of each stream
	 * @param progress called after each message and each failure
	 */
	X509Stream(WorkloadCalls calls, X509Keeper keeper, StreamPause pause, Composure composure, Runnable established,
			Runnable progress) {
		this.calls = calls;
		this.keeper = keeper;
		this.pause = pause;
		this.composure = composure;
		this.established = established;
		this.progress = progress;
	}

	/**
	 * Hold a stream until it ends.
	 * @return how long to wait before the next one
	 */
	Duration follow() {
		this.heard = false;
		this.pause.begin();
		this.keeper.connecting();
		this.composure.regain();
		try {
			this.calls.followX509(this::accept);
			return this.heard ? this.pause.afterEnd() : failed(mute());
		}
		catch (WorkloadException ex) {
			return this.composure.stopping().getAsBoolean() ? Duration.ZERO : after(ex);
		}
		catch (RuntimeException | Error ex) {
			if (this.composure.stopping().getAsBoolean()) {
				return Duration.ZERO;
			}
			Duration pause = this.pause.afterError();
			this.keeper.failed(this.keeper.unexpected(ex));
			this.progress.run();
			return pause;
		}
	}

	private void accept(WorkloadX509Update update) {
		this.pause.heard();
		this.keeper.accept(update);
		this.progress.run();
		if (!this.heard) {
			this.heard = true;
			this.established.run();
		}
		this.composure.regain();
	}

	private Duration after(WorkloadException ex) {
		boolean ended = ex.reason() == WorkloadFailureReason.CANCELLED
				|| this.heard && ex.reason() == WorkloadFailureReason.UNREACHABLE;
		return ended ? this.pause.afterEnd() : failed(WorkloadAdvice.failure(ex), ex.reason());
	}

	private Duration failed(VisitException failure) {
		return failed(failure, WorkloadFailureReason.UNAVAILABLE);
	}

	private Duration failed(VisitException failure, WorkloadFailureReason reason) {
		this.keeper.failed(failure);
		this.progress.run();
		return this.pause.afterFailure(reason);
	}

	private static VisitException mute() {
		return new VisitException(WorkloadFailureReason.UNAVAILABLE, "The agent ended the stream without a message",
				WorkloadAdvice.of(WorkloadFailureReason.UNAVAILABLE));
	}

	/**
	 * Return how long to wait after an error that could not be handled.
	 */
	Duration afterError() {
		return this.pause.afterError();
	}

}
