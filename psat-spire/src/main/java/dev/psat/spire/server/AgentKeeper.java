package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent as which the server knows this application. A single thread attests;
 * any thread may find the agent dead.
 */
final class AgentKeeper {

	private static final IdentityLog logger = new IdentityLog();

	private final AtomicReference<AgentState> state = new AtomicReference<>(AgentState.NONE);

	private final Supplier<@Nullable HeldSvid> held;

	private final Time time;

	AgentKeeper(Supplier<@Nullable HeldSvid> held, Time time) {
		this.held = held;
		this.time = time;
	}

	/**
	 * Doubt that the server still bans this application, as it did before a stop. Nothing
	 * but an attestation can tell, even if no agent is needed yet.
	 */
	void doubtBan() {
		update(AgentState::makeOverdue);
	}

	@Nullable Agent current() {
		return this.state.get().agent();
	}

	/**
	 * Close the agent if no authority vouches for it anymore, or it has expired. An open
	 * connection never notices that an authority was revoked.
	 */
	void closeUnlessVouchedFor(TrustBundle bundle) {
		update((state) -> (state.agent() != null && !state.agent().svid().chainsTo(bundle, this.time.now()))
				? state.without().makeOverdue() : state);
	}

	/**
	 * Return whether the last attestation failed or is in progress, so that a new token
	 * is a reason to attest.
	 */
	boolean isUnattested() {
		return this.state.get().attempt() != AgentState.Attempt.SUCCEEDED;
	}

	/**
	 * Return whether a visit has to attest first.
	 */
	boolean isAttestationDue(Attestation.Need need, TrustBundle bundle) {
		return this.state.get().isAttestationDue(need, bundle, this.time);
	}

	/**
	 * Return whether it makes sense to attest now, which is only now and then the case
	 * while competing with another process.
	 * @throws VisitException if the refusal of the last attestation still stands
	 */
	boolean mayAttest(Attestation.Need need) throws VisitException {
		AgentState.Refusal refusal = this.state.get().refusal();
		if (refusal != null && refusal.stands(this.time)) {
			throw refusal.failure();
		}
		return conflictPause(need).isZero();
	}

	/**
	 * Return how much longer visits must not attest for a renewal.
	 */
	Duration pause() {
		Duration ban = this.state.get().banLeft(this.time);
		return ban.isZero() ? conflictPause(Attestation.Need.RENEWAL) : ban;
	}

	/**
	 * Return how much longer visits must not attest because of a conflict.
	 */
	Duration conflictPause(Attestation.Need need) {
		HeldSvid held = this.held.get();
		return this.state.get()
			.conflict()
			.timelyIn(need, (held != null) ? Duration.between(held.svid().issuedAt(), held.svid().expiresAt()) : null,
					this.time.nanos());
	}

	/**
	 * An attestation begins. That has to be known before the payload is requested, so
	 * that no token is missed.
	 */
	void begun() {
		update(AgentState::begun);
	}

	void attested(Agent agent, Attestation.Need need) {
		update((state) -> state.attested(agent, need, this.time));
	}

	void refused(VisitException failure) {
		update((state) -> state.refused(failure, this.time));
	}

	void ended() {
		update(AgentState::ended);
	}

	/**
	 * Record that the server no longer accepts an agent.
	 */
	void died(Agent dead, VisitException failure) {
		boolean serving = this.held.get() != null;
		Change change = update((state) -> state.lost(dead, failure, serving, this.time));
		dead.close();
		if (change.before() == change.after()) {
			return;
		}
		long now = this.time.nanos();
		if (change.after().conflict().isOn(now) && !change.before().conflict().isOn(now)) {
			logger.warn("Another process attests as {}, and each evicts the other: either two "
					+ "containers of this pod attest, or the SPIRE Server identifies agents by the UID of their node "
					+ "instead of that of their pod ('use_pod_uid_for_agent_id')", dead.svid().spiffeId());
		}
		logger.info("The SPIRE Server no longer accepts the agent {}: {}", dead.svid().spiffeId(), failure.reason());
	}

	/**
	 * Return what the server answered when it no longer accepted an agent.
	 * @return the answer, {@code null} if that agent did not die, or has a successor
	 */
	@Nullable VisitException deathOf(Agent agent) {
		AgentState.Death death = this.state.get().death();
		return (death != null && death.agent() == agent) ? death.failure() : null;
	}

	/**
	 * Return the last eviction by another process that attests with the same agent ID.
	 * @return the last eviction, {@code null} unless there is a conflict
	 */
	SpireStatus.@Nullable LastError conflict() {
		AgentConflict conflict = this.state.get().conflict();
		return conflict.isOn(this.time.nanos()) ? conflict.eviction() : null;
	}

	/**
	 * Return whether a failure means that the agent is dead.
	 * @param reason why a call failed, {@code null} if the client does not tell
	 */
	static boolean isDeath(@Nullable FailureReason reason) {
		return reason != null && switch (reason) {
			case CERTIFICATE_REFUSED, AGENT_EXPIRED, AGENT_NOT_ATTESTED, AGENT_NOT_ACTIVE, AGENT_MUST_REATTEST,
					AGENT_BANNED ->
				true;
			default -> false;
		};
	}

	void close() {
		update(AgentState::without);
	}

	private Change update(UnaryOperator<AgentState> transition) {
		AgentState before;
		AgentState after;
		do {
			before = this.state.get();
			after = transition.apply(before);
		}
		while (!this.state.compareAndSet(before, after));
		if (before.agent() != null && before.agent() != after.agent()) {
			before.agent().close();
		}
		return new Change(before, after);
	}

	private record Change(AgentState before, AgentState after) {

	}

}
