package dev.psat.spire.server;

import java.time.Duration;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.BackOff;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to visit the server next.
 */
final class VisitSchedule {

	private static final double JITTER = 0.1;

	private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(2);

	private static final Duration LONGEST_BACK_OFF_WHILE_WAITING = Duration.ofSeconds(30);

	private static final Duration SHORTEST_PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private static final Duration SHORTEST_HINT = Duration.ofSeconds(60);

	private final Duration refreshInterval;

	private final EntryKeeper entries;

	private final Supplier<@Nullable HeldSvid> held;

	private final TrustBundleKeeper bundles;

	private final Supplier<Duration> pause;

	private final Time time;

	private final BackOff backOff;

	/** Whether the server cannot be reached, or has no entry yet. */
	private boolean waiting;

	/**
	 * Create a schedule.
	 * @param refreshInterval how often to check for changes
	 * @param entries tells whether an entry is missing
	 * @param held supplies the X.509-SVID, {@code null} if there is none
	 * @param bundles keeps the trust bundle
	 * @param pause supplies how much longer visits must not attest
	 * @param time the current time and the random generator
	 */
	VisitSchedule(Duration refreshInterval, EntryKeeper entries, Supplier<@Nullable HeldSvid> held,
			TrustBundleKeeper bundles, Supplier<Duration> pause, Time time) {
		this.refreshInterval = refreshInterval;
		this.entries = entries;
		this.held = held;
		this.bundles = bundles;
		this.pause = pause;
		this.time = time;
		this.backOff = new BackOff(time.random());
	}

	Duration afterSuccess() {
		this.backOff.succeeded();
		this.waiting = false;
		Duration poll = this.entries.poll();
		return untilDue((poll != null) ? poll : interval());
	}

	/**
	 * Return the pause after a failure. A server that has permanently refused is only
	 * visited for its trust bundle.
	 */
	Duration afterFailure(VisitException failure) {
		if (concernsServer(failure)) {
			this.waiting = failure.failure() == FailureReason.UNREACHABLE || isAboutEntries(failure);
		}
		Duration poll = this.entries.poll();
		if (poll != null && isAboutEntries(failure)) {
			return poll;
		}
		Duration next = isLasting(failure) ? noLaterThan(this.pause.get(), interval())
				: this.backOff.failed(atLeast(failure), cap());
		return untilDue(next);
	}

	/**
	 * Return the pause after a visit that ended with an error which could not be handled,
	 * for example because there was no memory left.
	 */
	Duration afterError() {
		return untilDue(this.backOff.failed(SHORTEST_PAUSE_AFTER_ERROR, cap()));
	}

	private Duration untilDue(Duration next) {
		HeldSvid held = this.held.get();
		return (held != null) ? untilExpiry(held, untilRenewal(held, next)) : next;
	}

	/**
	 * Return a time no later than the renewal, which may succeed where something else has
	 * failed. A renewal that is still due after a visit waits until attesting is allowed,
	 * or like any other visit if it already is.
	 */
	private Duration untilRenewal(HeldSvid held, Duration next) {
		Duration left = held.renewal().left(this.time);
		return noLaterThan(left.isZero() ? this.pause.get() : left, next);
	}

	/**
	 * Return a time no later than the expiry of the SVID, so that it is noticed and
	 * reported.
	 */
	private Duration untilExpiry(HeldSvid held, Duration next) {
		return noLaterThan(Duration.between(this.time.now(), held.svid().expiresAt().plusMillis(1)), next);
	}

	private Duration interval() {
		TrustBundle bundle = this.bundles.current();
		Duration hint = (bundle != null) ? bundle.refreshHint() : null;
		Duration interval = (hint != null) ? shorter(this.refreshInterval, longer(hint, SHORTEST_HINT))
				: this.refreshInterval;
		double factor = this.time.random().nextDouble(1 - JITTER, 1 + JITTER);
		return Duration.ofMillis((long) (interval.toMillis() * factor));
	}

	/**
	 * Return the longest back-off. An error of this process says nothing about the
	 * server, so it does not delay the end of an outage.
	 */
	private Duration cap() {
		HeldSvid held = this.held.get();
		if (held != null && !this.time.now().isAfter(held.svid().expiresAt())) {
			return shorter(LONGEST_BACK_OFF, this.refreshInterval);
		}
		return this.waiting ? LONGEST_BACK_OFF_WHILE_WAITING : LONGEST_BACK_OFF;
	}

	private static Duration atLeast(VisitException failure) {
		if (isUnexpected(failure)) {
			return SHORTEST_PAUSE_AFTER_ERROR;
		}
		return (failure.failure() == FailureReason.RATE_LIMITED) ? AgentKeeper.PAUSE_WHILE_LIMITED : Duration.ZERO;
	}

	/**
	 * Return whether a failure says anything about the server.
	 */
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

	/**
	 * Return a time no later than another one, unless that has passed.
	 */
	private static Duration noLaterThan(Duration left, Duration next) {
		return (left.isNegative() || left.isZero()) ? next : shorter(left, next);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

}
