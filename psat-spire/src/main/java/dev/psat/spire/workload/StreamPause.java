package dev.psat.spire.workload;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.psat.spire.internal.BackOff;
import dev.psat.spire.internal.Time;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long to wait before a stream is begun again. It belongs to one thread.
 */
final class StreamPause {

	private static final Duration LONG_LIFE = Duration.ofSeconds(1);

	private static final Duration EARLY = Duration.ofMinutes(3);

	private static final Duration SHORT = Duration.ofSeconds(5);

	/** The agent attests this process each time. */
	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

	/** Nothing else would notice that another agent has taken the place of this one. */
	private static final Duration REFUSED_FOR_GOOD = Duration.ofMinutes(10);

	private final Time time;

	private final BooleanSupplier svidInForce;

	private BackOff backOff = BackOff.NONE;

	private long began;

	/** When the first attempt began that no message has followed yet. */
	private @Nullable Long waitingSince;

	/**
	 * Create an instance.
	 */
	StreamPause(Time time, BooleanSupplier svidInForce) {
		this.time = time;
		this.svidInForce = svidInForce;
	}

	/**
	 * Record that a stream begins.
	 */
	void begin() {
		this.began = this.time.nanos();
		if (this.waitingSince == null) {
			this.waitingSince = this.began;
		}
	}

	/**
	 * Record that there was a message.
	 */
	void heard() {
		this.waitingSince = null;
	}

	/**
	 * Return how long to wait after a stream that ended without a failure.
	 */
	Duration afterEnd() {
		if (isLong()) {
			this.backOff = BackOff.NONE;
			return Duration.ZERO;
		}
		return failed(Duration.ZERO, SHORT);
	}

	/**
	 * Return how long to wait after a failure.
	 */
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

	/**
	 * Return how long to wait after something that should never have happened.
	 */
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
			case SOCKET_MISSING, DIRECTORY_MISSING, SOCKET_NOT_PERMITTED, NOT_A_SOCKET, NOBODY_LISTENS, UNREACHABLE ->
				true;
			default -> false;
		};
	}

}
