package dev.psat.spire;

import java.time.Duration;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.TrustBundle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent that this application is to the server, and knows when it may attest.
 * One thread attests; any may find the agent dead.
 */
final class AgentKeeper {

	private static final Duration PAUSE_WHILE_BANNED = Duration.ofMinutes(10);

	private final Attestation attestation;

	private final Contest contest;

	private final Time time;

	private volatile @Nullable Agent agent;

	private @Nullable Long bannedAt;

	private boolean isNode;

	private boolean attesting;

	AgentKeeper(Attestation attestation, Time time) {
		this.attestation = attestation;
		this.contest = new Contest(time);
		this.time = time;
	}

	@Nullable Agent current() {
		return this.agent;
	}

	/**
	 * Return whether a visit has to attest before it does anything else.
	 * @param need for what the visit needs an agent
	 * @param bundle the trust bundle of the moment
	 * @return whether it has to
	 */
	synchronized boolean isAttestationDue(Visit.Need need, TrustBundle bundle) {
		Agent agent = this.agent;
		if (agent == null) {
			// a ban that was lifted is noticed by no other way
			return need != Visit.Need.NONE || this.bannedAt != null;
		}
		return agent.replacement().isDue(this.time) || !agent.svid().chainsToUntainted(bundle, this.time.now());
	}

	/**
	 * Return whether attesting is of any use now.
	 * @param need for what an agent is needed
	 * @return whether it is: not as the node, not right after the server has said that
	 * the agent is banned, and not over and over against another process
	 */
	synchronized boolean mayAttest(Visit.Need need) {
		Long bannedAt = this.bannedAt;
		return !this.isNode && this.contest.isTimely(need == Visit.Need.CALL)
				&& (bannedAt == null || this.time.nanos() - bannedAt >= PAUSE_WHILE_BANNED.toNanos());
	}

	Agent attest() throws VisitException {
		attesting(true);
		try {
			Agent agent = this.attestation.attest();
			attested(agent);
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
	}

	private synchronized void attested(Agent agent) {
		Agent before = this.agent;
		this.agent = agent;
		this.bannedAt = null;
		this.contest.attested(Duration.between(agent.svid().issuedAt(), agent.svid().expiresAt()));
		if (before != null) {
			before.close();
		}
	}

	private synchronized void refused(VisitException failure) {
		if (failure.failure() == FailureReason.AGENT_BANNED) {
			this.bannedAt = this.time.nanos();
		}
		this.isNode = failure.reason().equals(VisitException.OwnReason.NODE_IDENTITY.name());
	}

	/**
	 * Record that the server no longer accepts an agent. While we attest, that is our own
	 * doing.
	 * @param dead the agent
	 * @param reason what the server said
	 */
	synchronized void died(Agent dead, FailureReason reason) {
		if (this.agent == dead) {
			this.agent = null;
			if (reason == FailureReason.AGENT_NOT_ACTIVE && !this.attesting) {
				this.contest.evicted();
			}
			if (reason == FailureReason.AGENT_BANNED) {
				this.bannedAt = this.time.nanos();
			}
		}
		dead.close();
	}

	synchronized boolean isContested() {
		return this.contest.isOn();
	}

	/**
	 * Return whether a failure means that the agent is dead.
	 * @param reason why a call failed
	 * @return whether it does
	 */
	static boolean isDeath(FailureReason reason) {
		return switch (reason) {
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

}
