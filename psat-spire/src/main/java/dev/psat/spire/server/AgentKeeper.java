package dev.psat.spire.server;

import java.time.Duration;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent as which the server knows this application, and decides when to attest.
 * A single thread attests; any thread may find the agent dead.
 */
final class AgentKeeper {

	private static final IdentityLog logger = new IdentityLog();

	private static final Duration PAUSE_WHILE_BANNED = Duration.ofMinutes(10);

	/** The visit schedule does not come earlier either. */
	static final Duration PAUSE_WHILE_LIMITED = Duration.ofSeconds(15);

	private final Attempt attempt;

	private final Supplier<@Nullable HeldSvid> held;

	private final AgentConflict conflict;

	private final Time time;

	private volatile @Nullable Agent agent;

	/** The verdict that stands until the next attestation. */
	private @Nullable VisitException verdict;

	private long judgedAt;

	/** The last refusal by the server's rate limit. */
	private @Nullable VisitException limited;

	private long limitedAt;

	private boolean attesting;

	private volatile boolean unattested;

	/**
	 * The agent has expired or lost its authority, and has not been replaced, or there
	 * was a ban before the start.
	 */
	private boolean overdue;

	/** The last eviction by another process. */
	private SpireStatus.@Nullable LastError eviction;

	/** An agent that the server may have replaced with an SVID that never arrived. */
	private @Nullable Agent doubtful;

	/** The last death, until the next attestation. */
	private @Nullable Death death;

	/**
	 * Create a keeper.
	 * @param attempt attests once
	 * @param held supplies the X.509-SVID, {@code null} if there has not been one yet
	 * @param time the current time
	 */
	AgentKeeper(Attempt attempt, Supplier<@Nullable HeldSvid> held, Time time) {
		this.attempt = attempt;
		this.held = held;
		this.conflict = new AgentConflict(time);
		this.time = time;
	}

	/**
	 * Doubt that the server still bans this application, as it did before a stop. Nothing
	 * but an attestation can tell, even if no agent is needed yet.
	 */
	synchronized void doubtBan() {
		this.overdue = true;
	}

	@Nullable Agent current() {
		return this.agent;
	}

	/**
	 * Return the agent if the server is expected to accept it, even if it is due to be
	 * replaced.
	 * @param bundle the current trust bundle
	 * @return the agent, {@code null} if there is none
	 */
	@Nullable Agent usable(TrustBundle bundle) {
		Agent agent = this.agent;
		return (agent != null && agent.svid().chainsTo(bundle, this.time.now())) ? agent : null;
	}

	/**
	 * Close the agent if no authority vouches for it anymore. An open connection never
	 * notices that an authority was revoked.
	 * @param bundle the current trust bundle
	 */
	synchronized void closeUnlessVouchedFor(TrustBundle bundle) {
		if (this.agent != null && usable(bundle) == null) {
			close();
			this.overdue = true;
		}
	}

	/**
	 * Return whether the last attestation failed or is in progress, so that a new token
	 * is a reason to attest.
	 * @return whether it did
	 */
	boolean isUnattested() {
		return this.unattested;
	}

	/**
	 * Return whether a visit has to attest first.
	 * @param need what the visit needs an agent for
	 * @param bundle the current trust bundle
	 * @return whether it has to
	 */
	synchronized boolean isAttestationDue(Need need, TrustBundle bundle) {
		Agent agent = this.agent;
		if (agent == null) {
			// there is no other way to notice that a ban was lifted
			return need != Need.NONE || this.overdue || this.verdict != null;
		}
		return agent.replacement().isDue(this.time) || !agent.svid().chainsToUntainted(bundle, this.time.now());
	}

	/**
	 * Return whether it makes sense to attest now.
	 * @param need what an agent is needed for
	 * @return whether it does, which is only now and then the case while competing with
	 * another process
	 * @throws VisitException if the result of the last attestation still stands: a node
	 * identity forever, a ban for ten minutes, and a rate limit for fifteen seconds, no
	 * matter who requests a visit in the meantime
	 */
	synchronized boolean mayAttest(Need need) throws VisitException {
		VisitException verdict = this.verdict;
		if (verdict != null && (isNode(verdict) || !banLeft().isZero())) {
			throw verdict;
		}
		VisitException limited = this.limited;
		if (limited != null && this.time.nanos() - this.limitedAt < PAUSE_WHILE_LIMITED.toNanos()) {
			throw limited;
		}
		return conflictPause(need).isZero();
	}

	/**
	 * Return how much longer visits must not attest for a renewal.
	 * @return the time, zero if they may attest
	 */
	synchronized Duration pause() {
		Duration ban = banLeft();
		return ban.isZero() ? conflictPause(Need.RENEWAL) : ban;
	}

	/**
	 * Return how much longer visits must not attest because of a conflict.
	 * @param need what an agent is needed for
	 * @return the time, zero if they may attest or there is no conflict
	 */
	synchronized Duration conflictPause(Need need) {
		HeldSvid held = this.held.get();
		return this.conflict.timelyIn(need,
				(held != null) ? Duration.between(held.svid().issuedAt(), held.svid().expiresAt()) : null);
	}

	private Duration banLeft() {
		if (this.verdict == null || !isBan(this.verdict)) {
			return Duration.ZERO;
		}
		Duration left = PAUSE_WHILE_BANNED.minusNanos(this.time.nanos() - this.judgedAt);
		return left.isNegative() ? Duration.ZERO : left;
	}

	/**
	 * Attest.
	 * @param need what an agent is needed for
	 * @return the agent
	 * @throws VisitException if there is none
	 */
	Agent attest(Need need) throws VisitException {
		attesting(true);
		try {
			Agent agent = this.attempt.attest();
			attested(agent, need);
			return agent;
		}
		catch (VisitException ex) {
			refused(ex);
			throw ex;
		}
		finally {
			attesting(false);
		}
	}

	private synchronized void attesting(boolean attesting) {
		this.attesting = attesting;
		if (attesting) {
			// before the payload is requested, so that no token is missed
			this.unattested = true;
		}
	}

	private synchronized void attested(Agent agent, Need need) {
		Agent before = this.agent;
		this.agent = agent;
		this.verdict = null;
		this.limited = null;
		this.unattested = false;
		this.overdue = false;
		this.death = null;
		this.conflict.attested(need, Duration.between(agent.svid().issuedAt(), agent.svid().expiresAt()));
		if (before != null) {
			before.close();
		}
	}

	private synchronized void refused(VisitException failure) {
		if (isBan(failure) || isNode(failure)) {
			judged(failure);
			close();
		}
		if (failure.failure() == FailureReason.RATE_LIMITED) {
			this.limited = failure;
			this.limitedAt = this.time.nanos();
		}
		if (mayHaveCommitted(failure.failure())) {
			this.doubtful = this.agent;
		}
	}

	/**
	 * Return whether the server may have replaced the agent SVID, which it does before it
	 * answers. The answer can get lost.
	 */
	private static boolean mayHaveCommitted(@Nullable FailureReason reason) {
		return reason == FailureReason.TIMED_OUT || ServerCalls.isAway(reason) || reason == FailureReason.PROTOCOL_ERROR
				|| reason == FailureReason.INVALID_SVID;
	}

	/**
	 * Record that the server no longer accepts an agent. During an attestation, this
	 * application is itself the cause.
	 * @param dead the agent
	 * @param failure the server's answer
	 */
	void died(Agent dead, VisitException failure) {
		Loss loss = lose(dead, failure);
		dead.close();
		// a log may hang, and whoever wants a JWT-SVID asks for the agent
		if (loss == Loss.CONTESTED) {
			logger.warn("Another process attests as {}, and each evicts the other: either two "
					+ "containers of this pod attest, or the SPIRE Server identifies agents by the UID of their node "
					+ "instead of that of their pod ('use_pod_uid_for_agent_id')", dead.svid().spiffeId());
		}
		if (loss != Loss.KNOWN) {
			logger.info("The SPIRE Server no longer accepts the agent {}: {}", dead.svid().spiffeId(),
					failure.reason());
		}
	}

	private synchronized Loss lose(Agent dead, VisitException failure) {
		if (this.agent != dead) {
			return Loss.KNOWN;
		}
		this.agent = null;
		this.death = new Death(dead, failure);
		if (isBan(failure)) {
			judged(failure);
		}
		this.overdue |= failure.failure() == FailureReason.AGENT_EXPIRED
				|| failure.failure() == FailureReason.CERTIFICATE_REFUSED || dead == this.doubtful;
		boolean evicted = failure.failure() == FailureReason.AGENT_NOT_ACTIVE && !this.attesting
				&& dead != this.doubtful && this.held.get() != null;
		return (evicted && beginsConflict(failure)) ? Loss.CONTESTED : Loss.NEWS;
	}

	/**
	 * Return what the server answered when it no longer accepted an agent.
	 * @param agent the agent
	 * @return the answer, {@code null} if that agent did not die, or has a successor
	 */
	synchronized @Nullable VisitException deathOf(Agent agent) {
		Death death = this.death;
		return (death != null && death.agent() == agent) ? death.failure() : null;
	}

	private void judged(VisitException verdict) {
		this.verdict = verdict;
		this.judgedAt = this.time.nanos();
	}

	private boolean beginsConflict(VisitException eviction) {
		this.eviction = eviction.toLastError(this.time.now());
		boolean known = this.conflict.isOn();
		this.conflict.evicted();
		return !known && this.conflict.isOn();
	}

	private static boolean isBan(VisitException failure) {
		return failure.failure() == FailureReason.AGENT_BANNED;
	}

	private static boolean isNode(VisitException failure) {
		return failure.reason().equals(VisitException.OwnReason.NODE_IDENTITY.name());
	}

	/**
	 * Return the last eviction by another process that attests with the same agent ID.
	 * @return the last eviction, {@code null} unless there is a conflict
	 */
	synchronized SpireStatus.@Nullable LastError conflict() {
		return this.conflict.isOn() ? this.eviction : null;
	}

	/**
	 * Return whether a failure means that the agent is dead.
	 * @param reason why a call failed, {@code null} if the client does not tell
	 * @return whether it does
	 */
	static boolean isDeath(@Nullable FailureReason reason) {
		return reason != null && switch (reason) {
			case CERTIFICATE_REFUSED, AGENT_EXPIRED, AGENT_NOT_ATTESTED, AGENT_NOT_ACTIVE, AGENT_MUST_REATTEST,
					AGENT_BANNED ->
				true;
			default -> false;
		};
	}

	synchronized void close() {
		Agent agent = this.agent;
		this.agent = null;
		if (agent != null) {
			agent.close();
		}
	}

	/**
	 * What the death of an agent is to whoever hears of it.
	 */
	private enum Loss {

		KNOWN, NEWS, CONTESTED

	}

	/**
	 * The death of an agent.
	 *
	 * @param agent the agent
	 * @param failure the server's answer
	 */
	private record Death(Agent agent, VisitException failure) {

	}

	/**
	 * An attempt to attest.
	 */
	interface Attempt {

		/**
		 * Attest.
		 * @return the agent
		 * @throws VisitException if there is none
		 */
		Agent attest() throws VisitException;

	}

}
