package dev.psat.spire.workload;

import java.time.Duration;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.Loop;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Holds a stream of the Workload API, and begins it again when it has ended.
 */
final class HeldStream<T> implements Loop.Turns {

	private final Consumer<Consumer<T>> call;

	private final Taker<T> taker;

	private final StreamPause pause;

	private final Composure composure;

	private final Runnable established;

	private final Runnable progress;

	private boolean heard;

	/**
	 * Create an instance.
	 */
	HeldStream(Consumer<Consumer<T>> call, Taker<T> taker, StreamPause pause, Composure composure, Runnable established,
			Runnable progress) {
		this.call = call;
		this.taker = taker;
		this.pause = pause;
		this.composure = composure;
		this.established = established;
		this.progress = progress;
	}

	@Override
	public @Nullable Duration take(Loop.Cue cue) {
		return isStopping() ? null : follow();
	}

	/**
	 * Hold a stream until it ends.
	 */
	Duration follow() {
		this.heard = false;
		this.pause.begin();
		this.taker.connecting();
		this.composure.regain();
		try {
			this.call.accept(this::accept);
			return this.heard ? this.pause.afterEnd() : failed(mute(), WorkloadFailureReason.UNAVAILABLE);
		}
		catch (WorkloadException ex) {
			return isStopping() ? Duration.ZERO : after(ex);
		}
		catch (RuntimeException | Error ex) {
			if (isStopping()) {
				return Duration.ZERO;
			}
			Duration pause = this.pause.afterError();
			failed(this.taker.unexpected(ex));
			return pause;
		}
	}

	private boolean isStopping() {
		return this.composure.stopping().getAsBoolean();
	}

	private void accept(T message) {
		this.pause.heard();
		this.taker.accept(message);
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

	private Duration failed(VisitException failure, WorkloadFailureReason reason) {
		failed(failure);
		return this.pause.afterFailure(reason);
	}

	private void failed(VisitException failure) {
		this.taker.failed(failure);
		this.progress.run();
	}

	private static VisitException mute() {
		return new VisitException(WorkloadFailureReason.UNAVAILABLE, "The agent ended the stream without a message",
				WorkloadAdvice.of(WorkloadFailureReason.UNAVAILABLE));
	}

	@Override
	public Duration afterError() {
		return this.pause.afterError();
	}

	/**
	 * Takes what a stream brings.
	 */
	interface Taker<T> {

		void connecting();

		void accept(T message);

		void failed(VisitException failure);

		VisitException unexpected(Throwable ex);

	}

}
