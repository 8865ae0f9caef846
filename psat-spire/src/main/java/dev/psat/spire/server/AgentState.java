package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the agent. It is overdue to attest without need if the agent has
 * expired or lost its authority, or nothing else tells that a ban was lifted. An agent is
 * doubtful if the server may have replaced it with an SVID that never arrived.
 */
record AgentState(@Nullable Agent agent, Attempt attempt, boolean overdue, @Nullable Refusal refusal,
		@Nullable Death death, @Nullable Agent doubtful, AgentConflict conflict) {

	static final AgentState NONE = new AgentState(null, Attempt.SUCCEEDED, false, null, null, null, AgentConflict.NONE);

	AgentState begun() {
		return new AgentState(this.agent, Attempt.UNDER_WAY, this.overdue, this.refusal, this.death, this.doubtful,
				this.conflict);
	}

	AgentState attested(Agent agent, Attestation.Need need, Time time) {
		Duration lifetime = Duration.between(agent.svid().issuedAt(), agent.svid().expiresAt());
		return new AgentState(agent, Attempt.SUCCEEDED, false, null, null, null,
				this.conflict.attested(need, lifetime, time.nanos()));
	}

	AgentState refused(VisitException failure, Time time) {
		boolean judged = isBan(failure) || isNode(failure);
		// which must not replace a ban that a call has met meanwhile
		boolean stands = judged || (failure.isFor(FailureReason.RATE_LIMITED) && banLeft(time).isZero());
		return new AgentState(judged ? null : this.agent, Attempt.FAILED, this.overdue || judged,
				stands ? new Refusal(failure, time.nanos()) : this.refusal, this.death,
				mayHaveCommitted(failure.failure()) ? this.agent : this.doubtful, this.conflict);
	}

	/**
	 * The server replaces the agent SVID before it answers, and the answer can get lost.
	 */
	private static boolean mayHaveCommitted(@Nullable FailureReason reason) {
		return reason == FailureReason.TIMED_OUT || ServerCalls.isAway(reason) || reason == FailureReason.PROTOCOL_ERROR
				|| reason == FailureReason.INVALID_SVID;
	}

	/** Be it with an error. */
	AgentState ended() {
		return (this.attempt != Attempt.UNDER_WAY) ? this : new AgentState(this.agent, Attempt.FAILED, this.overdue,
				this.refusal, this.death, this.doubtful, this.conflict);
	}

	/**
	 * During an attestation, this application is itself the cause; otherwise, an eviction
	 * is the work of another process.
	 */
	AgentState lost(Agent dead, VisitException failure, boolean serving, Time time) {
		if (this.agent != dead) {
			return this;
		}
		boolean evicted = failure.isFor(FailureReason.AGENT_NOT_ACTIVE) && this.attempt != Attempt.UNDER_WAY
				&& dead != this.doubtful && serving;
		boolean due = failure.isFor(FailureReason.AGENT_EXPIRED) || failure.isFor(FailureReason.CERTIFICATE_REFUSED)
				|| isBan(failure) || dead == this.doubtful;
		return new AgentState(null, this.attempt, this.overdue || due,
				isBan(failure) ? new Refusal(failure, time.nanos()) : this.refusal, new Death(dead, failure),
				this.doubtful,
				evicted ? this.conflict.evicted(failure.toLastError(time.now()), time.nanos()) : this.conflict);
	}

	AgentState without() {
		return new AgentState(null, this.attempt, this.overdue, this.refusal, this.death, this.doubtful, this.conflict);
	}

	AgentState makeOverdue() {
		return new AgentState(this.agent, this.attempt, true, this.refusal, this.death, this.doubtful, this.conflict);
	}

	boolean isAttestationDue(Attestation.Need need, TrustBundle bundle, Time time) {
		if (this.agent == null) {
			return need != Attestation.Need.NONE || this.overdue;
		}
		return this.agent.replacement().isDue(time) || !this.agent.svid().chainsToUntainted(bundle, time.now());
	}

	Duration banLeft(Time time) {
		return (this.refusal != null && isBan(this.refusal.failure())) ? this.refusal.left(time) : Duration.ZERO;
	}

	private static boolean isBan(VisitException failure) {
		return failure.isFor(FailureReason.AGENT_BANNED);
	}

	private static boolean isNode(VisitException failure) {
		return failure.isFor(VisitException.OwnReason.NODE_IDENTITY);
	}

	enum Attempt {

		UNDER_WAY, FAILED, SUCCEEDED

	}

	/**
	 * Stands no matter who requests a visit in the meantime: a node identity forever, a
	 * ban for ten minutes, and a rate limit for fifteen seconds.
	 */
	record Refusal(VisitException failure, long at) {

		private static final Duration PAUSE_WHILE_BANNED = Duration.ofMinutes(10);

		/** The visit schedule does not come earlier either. */
		static final Duration PAUSE_WHILE_LIMITED = Duration.ofSeconds(15);

		boolean stands(Time time) {
			return isNode(this.failure) || !left(time).isZero();
		}

		Duration left(Time time) {
			Duration pause = isBan(this.failure) ? PAUSE_WHILE_BANNED : PAUSE_WHILE_LIMITED;
			Duration left = pause.minusNanos(time.nanos() - this.at);
			return left.isNegative() ? Duration.ZERO : left;
		}

	}

	record Death(Agent agent, VisitException failure) {

	}

	/**
	 * Whether another process attests with the same agent ID. Each evicts the other, so
	 * that two that insist would do nothing else. Times are those of the monotonic clock;
	 * attestations for calls count separately, so that neither they nor renewals keep the
	 * others from attesting.
	 */
	record AgentConflict(int evictions, long evictedAt, SpireStatus.@Nullable LastError eviction,
			@Nullable Long attestedAt, @Nullable Long attestedForCallAt, Duration lifetime) {

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
		 * To attest evicts the other process: once a minute for calls, once in a third of
		 * the X.509-SVID's life for its renewal, and otherwise once in a quarter of the
		 * agent SVID's life.
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

}
