package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * Whether another process attests with the same agent ID. Each evicts the other, so that
 * two that insist would do nothing else. Times are those of the monotonic clock;
 * attestations for calls count separately, so that neither they nor renewals keep the
 * others from attesting.
 */
record AgentConflict(int evictions, long evictedAt, SpireStatus.@Nullable LastError eviction, @Nullable Long attestedAt,
		@Nullable Long attestedForCallAt, Duration lifetime) {

	static final AgentConflict NONE = new AgentConflict(0, 0, null, null, null, Duration.ZERO);

	private static final int ACCIDENTS = 1;

	private static final Duration PAUSE_OF_A_CALL = Duration.ofMinutes(1);

	private static final Duration SHORTEST_PAUSE_OF_A_RENEWAL = Duration.ofSeconds(15);

	AgentConflict attested(Attestation.Need need, Duration lifetime, long now) {
		return new AgentConflict(this.evictions, this.evictedAt, this.eviction,
				(need != Attestation.Need.CALL) ? Long.valueOf(now) : this.attestedAt,
				(need == Attestation.Need.CALL) ? Long.valueOf(now) : this.attestedForCallAt, lifetime);
	}

	AgentConflict evicted(SpireStatus.LastError eviction, long now) {
		return new AgentConflict(isOver(now) ? 1 : this.evictions + 1, now, eviction, this.attestedAt,
				this.attestedForCallAt, this.lifetime);
	}

	boolean isOn(long now) {
		return this.evictions > ACCIDENTS && !isOver(now);
	}

	private boolean isOver(long now) {
		return this.evictions == 0 || now - this.evictedAt >= this.lifetime.toNanos();
	}

	/**
	 * To attest evicts the other process: once a minute for calls, once in a third of the
	 * X.509-SVID's life for its renewal, and otherwise once in a quarter of the agent
	 * SVID's life.
	 */
	Duration timelyIn(Attestation.Need need, @Nullable Duration svid, long now) {
		Long attestedAt = (need == Attestation.Need.CALL) ? this.attestedForCallAt : this.attestedAt;
		if (!isOn(now) || attestedAt == null) {
			return Duration.ZERO;
		}
		Duration left = pause(need, svid).minusNanos(now - attestedAt);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private Duration pause(Attestation.Need need, @Nullable Duration svid) {
		if (need == Attestation.Need.CALL) {
			return PAUSE_OF_A_CALL;
		}
		Duration longest = this.lifetime.dividedBy(4);
		if (need == Attestation.Need.NONE || svid == null) {
			return longest;
		}
		Duration third = svid.dividedBy(3);
		Duration pause = (third.compareTo(SHORTEST_PAUSE_OF_A_RENEWAL) > 0) ? third : SHORTEST_PAUSE_OF_A_RENEWAL;
		return (pause.compareTo(longest) < 0) ? pause : longest;
	}

}
