package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/** A single thread attests; any thread may find the agent dead. */
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
	 * A ban of before a stop may be over. Only an attestation can tell, even if no agent
	 * is needed yet.
	 */
	void doubtBan() {
		update(AgentState::makeOverdue);
	}

	@Nullable Agent current() {
		return this.state.get().agent();
	}

	/** An open connection never notices that an authority was revoked. */
	void closeUnlessVouchedFor(TrustBundle bundle) {
		update((state) -> (state.agent() != null && !state.agent().svid().chainsTo(bundle, this.time.now()))
				? state.without().makeOverdue() : state);
	}

	/** Whether a new token is a reason to attest. */
	boolean isUnattested() {
		return this.state.get().attempt() != AgentState.Attempt.SUCCEEDED;
	}

	boolean isAttestationDue(Attestation.Need need, TrustBundle bundle) {
		return this.state.get().isAttestationDue(need, bundle, this.time);
	}

	/** While competing with another process, it makes sense only now and then. */
	boolean mayAttest(Attestation.Need need) throws VisitException {
		AgentState.Refusal refusal = this.state.get().refusal();
		if (refusal != null && refusal.stands(this.time)) {
			throw refusal.failure();
		}
		return conflictPause(need).isZero();
	}

	Duration pause() {
		Duration ban = this.state.get().banLeft(this.time);
		return ban.isZero() ? conflictPause(Attestation.Need.RENEWAL) : ban;
	}

	Duration conflictPause(Attestation.Need need) {
		HeldSvid held = this.held.get();
		return this.state.get()
			.conflict()
			.timelyIn(need, (held != null) ? Duration.between(held.svid().issuedAt(), held.svid().expiresAt()) : null,
					this.time.nanos());
	}

	/** Known before the payload is requested, so that no token is missed. */
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

	@Nullable VisitException deathOf(Agent agent) {
		AgentState.Death death = this.state.get().death();
		return (death != null && death.agent() == agent) ? death.failure() : null;
	}

	SpireStatus.@Nullable LastError conflict() {
		AgentState.AgentConflict conflict = this.state.get().conflict();
		return conflict.isOn(this.time.nanos()) ? conflict.eviction() : null;
	}

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
