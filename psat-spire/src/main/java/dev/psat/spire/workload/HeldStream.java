package dev.psat.spire.workload;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.internal.BackOff;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.jspecify.annotations.Nullable;

/** Holds a stream of the Workload API, and begins it again when it has ended. */
final class HeldStream<T> implements Loop.Turns {

	private final Consumer<Consumer<T>> call;

	private final Taker<T> taker;

	private final StreamPause pause;

	private final Composure composure;

	private final Runnable established;

	private final Runnable progress;

	private boolean heard;

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

	interface Taker<T> {

		void connecting();

		void accept(T message);

		void failed(VisitException failure);

		VisitException unexpected(Throwable ex);

	}

	/** How long to wait before a stream is begun again. */
	static final class StreamPause {

		private static final Duration LONG_LIFE = Duration.ofSeconds(1);

		private static final Duration EARLY = Duration.ofMinutes(3);

		private static final Duration SHORT = Duration.ofSeconds(5);

		/** The agent attests this process each time. */
		private static final Duration LONG = Duration.ofSeconds(30);

		private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

		/**
		 * Nothing else would notice that another agent has taken the place of this one.
		 */
		private static final Duration REFUSED_FOR_GOOD = Duration.ofMinutes(10);

		private final Time time;

		private final BooleanSupplier svidInForce;

		private BackOff backOff = BackOff.NONE;

		private long began;

		/** When the first attempt began that no message has followed yet. */
		private @Nullable Long waitingSince;

		StreamPause(Time time, BooleanSupplier svidInForce) {
			this.time = time;
			this.svidInForce = svidInForce;
		}

		void begin() {
			this.began = this.time.nanos();
			if (this.waitingSince == null) {
				this.waitingSince = this.began;
			}
		}

		void heard() {
			this.waitingSince = null;
		}

		Duration afterEnd() {
			if (isLong()) {
				this.backOff = BackOff.NONE;
				return Duration.ZERO;
			}
			return failed(Duration.ZERO, SHORT);
		}

		Duration afterFailure(WorkloadFailureReason reason) {
			if (this.waitingSince == null && isLong()) {
				this.backOff = BackOff.NONE;
			}
			if (reason == WorkloadFailureReason.UNIMPLEMENTED || reason == WorkloadFailureReason.INVALID_REQUEST) {
				return REFUSED_FOR_GOOD;
			}
			boolean brief = isOutage(reason) || isEarly() || this.svidInForce.getAsBoolean();
			return failed(Duration.ZERO, brief ? SHORT : LONG);
		}

		Duration afterError() {
			return failed(AFTER_ERROR, SHORT);
		}

		private Duration failed(Duration atLeast, Duration cap) {
			this.backOff = this.backOff.failed(atLeast, cap, this.time);
			return this.backOff.pause();
		}

		private boolean isLong() {
			return this.time.nanos() - this.began >= LONG_LIFE.toNanos();
		}

		private boolean isEarly() {
			return this.waitingSince == null || this.time.nanos() - this.waitingSince < EARLY.toNanos();
		}

		private static boolean isOutage(WorkloadFailureReason reason) {
			return switch (reason) {
				case SOCKET_MISSING, DIRECTORY_MISSING, SOCKET_NOT_PERMITTED, NOT_A_SOCKET, NOBODY_LISTENS,
						UNREACHABLE ->
					true;
				default -> false;
			};
		}

	}

}
