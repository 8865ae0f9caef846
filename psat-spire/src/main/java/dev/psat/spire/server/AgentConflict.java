package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.spire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Detects whether another process attests with the same agent ID. Each evicts the other,
 * so that two that insist would do nothing else.
 */
final class AgentConflict {

	private static final int ACCIDENTS = 1;

	private static final Duration PAUSE_OF_A_CALL = Duration.ofMinutes(1);

	private static final Duration SHORTEST_PAUSE_OF_A_RENEWAL = Duration.ofSeconds(15);

	private final Time time;

	private int evictions;

	private long evictedAt;

	private @Nullable Long attestedAt;

	private @Nullable Long attestedForCallAt;

	private Duration lifetime = Duration.ZERO;

	AgentConflict(Time time) {
		this.time = time;
	}

	/**
	 * Record an attestation. Those for calls count separately, so that neither calls nor
	 * renewals keep the others from attesting.
	 * @param need what it was for
	 * @param lifetime how long the agent SVID lives
	 */
	void attested(Need need, Duration lifetime) {
		if (need == Need.CALL) {
			this.attestedForCallAt = this.time.nanos();
		}
		else {
			this.attestedAt = this.time.nanos();
		}
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
	 * Return when it is time to attest, which evicts the other process: once a minute for
	 * calls, once in a third of the X.509-SVID's life for its renewal, and otherwise once
	 * in a quarter of the agent SVID's life.
	 * @param need what an agent is needed for
	 * @param svid how long the X.509-SVID lives, {@code null} if there is none
	 * @return the remaining time, zero if it is time
	 */
	Duration timelyIn(Need need, @Nullable Duration svid) {
		Long attestedAt = (need == Need.CALL) ? this.attestedForCallAt : this.attestedAt;
		if (!isOn() || attestedAt == null) {
			return Duration.ZERO;
		}
		Duration left = pause(need, svid).minusNanos(this.time.nanos() - attestedAt);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private Duration pause(Need need, @Nullable Duration svid) {
		if (need == Need.CALL) {
			return PAUSE_OF_A_CALL;
		}
		Duration longest = this.lifetime.dividedBy(4);
		if (need == Need.NONE || svid == null) {
			return longest;
		}
		Duration third = svid.dividedBy(3);
		Duration pause = (third.compareTo(SHORTEST_PAUSE_OF_A_RENEWAL) > 0) ? third : SHORTEST_PAUSE_OF_A_RENEWAL;
		return (pause.compareTo(longest) < 0) ? pause : longest;
	}

	private boolean isOver() {
		return this.evictions == 0 || this.time.nanos() - this.evictedAt >= this.lifetime.toNanos();
	}

}
