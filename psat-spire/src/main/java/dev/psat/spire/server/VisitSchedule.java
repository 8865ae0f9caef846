package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.BackOff;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

final class VisitSchedule {

	private static final double JITTER = 0.1;

	private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(2);

	private static final Duration LONGEST_BACK_OFF_WHILE_WAITING = Duration.ofSeconds(30);

	private static final Duration SHORTEST_PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private static final Duration SHORTEST_HINT = Duration.ofSeconds(60);

	private final Time time;

	private BackOff backOff = BackOff.NONE;

	/** Whether the server cannot be reached, or has no entry yet. */
	private boolean waiting;

	VisitSchedule(Time time) {
		this.time = time;
	}

	Duration afterSuccess(Situation situation) {
		this.backOff = BackOff.NONE;
		this.waiting = false;
		Duration poll = situation.poll();
		return untilDue((poll != null) ? poll : interval(situation), situation);
	}

	/** A server that has permanently refused is only visited for its trust bundle. */
	Duration afterFailure(VisitException failure, Situation situation) {
		if (concernsServer(failure)) {
			this.waiting = ServerCalls.isAway(failure.failure()) || isAboutEntries(failure);
		}
		Duration poll = situation.poll();
		if (poll != null && isAboutEntries(failure)) {
			return poll;
		}
		Duration next = isLasting(failure) ? noLaterThan(situation.pause(), interval(situation))
				: backOff(atLeast(failure), situation);
		return untilDue(next, situation);
	}

	/** For example because there was no memory left. */
	Duration afterError(Situation situation) {
		return untilDue(backOff(SHORTEST_PAUSE_AFTER_ERROR, situation), situation);
	}

	private Duration backOff(Duration atLeast, Situation situation) {
		this.backOff = this.backOff.failed(atLeast, cap(situation), this.time);
		return this.backOff.pause();
	}

	private Duration untilDue(Duration next, Situation situation) {
		HeldSvid held = situation.held();
		Renewal agent = situation.agent();
		Duration due = (agent != null) ? untilRenewal(agent, situation.pause(), next) : next;
		return (held != null) ? untilExpiry(held, untilRenewal(held.renewal(), situation.pause(), due)) : due;
	}

	/**
	 * A renewal may succeed where something else has failed. One that is still due after
	 * a visit waits until attesting is allowed, or like any other visit if it already is.
	 */
	private Duration untilRenewal(Renewal renewal, Duration pause, Duration next) {
		Duration left = renewal.left(this.time);
		return noLaterThan(left.isZero() ? pause : left, next);
	}

	/** So that it is noticed and reported. */
	private Duration untilExpiry(HeldSvid held, Duration next) {
		return noLaterThan(Duration.between(this.time.now(), held.svid().expiresAt().plusMillis(1)), next);
	}

	private Duration interval(Situation situation) {
		Duration interval = situation.refreshInterval();
		Duration hint = situation.refreshHint();
		if (hint != null) {
			interval = shorter(interval, longer(hint, SHORTEST_HINT));
		}
		double factor = this.time.random().nextDouble(1 - JITTER, 1 + JITTER);
		return Duration.ofMillis((long) (interval.toMillis() * factor));
	}

	/**
	 * An error of this process says nothing about the server, so it does not delay the
	 * end of an outage.
	 */
	private Duration cap(Situation situation) {
		HeldSvid held = situation.held();
		if (held != null && !this.time.now().isAfter(held.svid().expiresAt())) {
			return shorter(LONGEST_BACK_OFF, situation.refreshInterval());
		}
		return this.waiting ? LONGEST_BACK_OFF_WHILE_WAITING : LONGEST_BACK_OFF;
	}

	private static Duration atLeast(VisitException failure) {
		if (isUnexpected(failure)) {
			return SHORTEST_PAUSE_AFTER_ERROR;
		}
		return (failure.failure() == FailureReason.RATE_LIMITED) ? AgentState.Refusal.PAUSE_WHILE_LIMITED
				: Duration.ZERO;
	}

	private static boolean concernsServer(VisitException failure) {
		return !isUnexpected(failure) && failure.failure() != FailureReason.CANCELLED
				&& !failure.reason().equals(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE.name());
	}

	private static boolean isUnexpected(VisitException failure) {
		return failure.reason().equals(VisitException.OwnReason.UNEXPECTED.name());
	}

	private static boolean isAboutEntries(VisitException failure) {
		return failure.reason().equals(VisitException.OwnReason.NO_ENTRY.name())
				|| failure.reason().equals(VisitException.OwnReason.AMBIGUOUS_ENTRY.name());
	}

	private static boolean isLasting(VisitException failure) {
		return failure.failure() == FailureReason.AGENT_BANNED
				|| failure.reason().equals(VisitException.OwnReason.NODE_IDENTITY.name());
	}

	private static Duration noLaterThan(Duration left, Duration next) {
		return (left.isNegative() || left.isZero()) ? next : shorter(left, next);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

	/**
	 * How things stand after a visit: when to look again for a missing entry, and how
	 * much longer visits must not attest.
	 */
	record Situation(Duration refreshInterval, @Nullable Duration refreshHint, @Nullable Duration poll,
			@Nullable HeldSvid held, @Nullable Renewal agent, Duration pause) {

	}

}
