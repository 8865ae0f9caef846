package dev.psat.spire;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Detects whether another process attests with the same agent ID. Each evicts the other,
 * so that two that insist would do nothing else.
 */
final class Contest {

	private static final int ACCIDENTS = 1;

	private static final Duration PAUSE_OF_A_CALL = Duration.ofMinutes(1);

	private final Time time;

	private int evictions;

	private long evictedAt;

	private @Nullable Long attestedAt;

	private Duration lifetime = Duration.ZERO;

	Contest(Time time) {
		this.time = time;
	}

	/**
	 * Record an attestation.
	 * @param lifetime how long the agent SVID lives
	 */
	void attested(Duration lifetime) {
		this.attestedAt = this.time.nanos();
		this.lifetime = lifetime;
	}

	/**
	 * Record that another process took over the agent's ID.
	 */
	void evicted() {
		this.evictions = isOver() ? 1 : this.evictions + 1;
		this.evictedAt = this.time.nanos();
	}

	boolean isOn() {
		return this.evictions > ACCIDENTS && !isOver();
	}

	/**
	 * Return whether it is time to attest, which evicts the other process.
	 * @param wanted whether a caller waits for an answer
	 * @return whether it is
	 */
	boolean isTimely(boolean wanted) {
		return timelyIn(wanted).isZero();
	}

	/**
	 * Return when it is time to attest, which evicts the other process.
	 * @param wanted whether a caller waits for an answer
	 * @return the remaining time, zero if it is time
	 */
	Duration timelyIn(boolean wanted) {
		Long attestedAt = this.attestedAt;
		if (!isOn() || attestedAt == null) {
			return Duration.ZERO;
		}
		Duration pause = wanted ? PAUSE_OF_A_CALL : this.lifetime.dividedBy(4);
		Duration left = pause.minusNanos(this.time.nanos() - attestedAt);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private boolean isOver() {
		return this.evictions == 0 || this.time.nanos() - this.evictedAt >= this.lifetime.toNanos();
	}

}
