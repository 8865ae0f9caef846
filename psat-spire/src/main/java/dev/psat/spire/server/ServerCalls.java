package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/** Calls are made as the agent, which is replaced if it turns out to be dead. */
final class ServerCalls {

	/** How long another trust domain may hold back a renewal. */
	private static final Duration LONGEST_FEDERATED = Duration.ofSeconds(3);

	private final SpireClient client;

	private final AgentKeeper agents;

	private final Attestation attestation;

	private final AtomicBoolean statusPosted;

	private final Composure composure;

	ServerCalls(SpireClient client, AgentKeeper agents, Attestation attestation, AtomicBoolean statusPosted,
			Composure composure) {
		this.client = client;
		this.agents = agents;
		this.attestation = attestation;
		this.statusPosted = statusPosted;
		this.composure = composure;
	}

	static boolean isOutage(@Nullable FailureReason reason) {
		return isAway(reason) || reason == FailureReason.TIMED_OUT || reason == FailureReason.TLS_VERSION
				|| reason == FailureReason.TLS_PARAMETERS || reason == FailureReason.SERVER_NOT_TRUSTED
				|| reason == FailureReason.SERVER_ID_MISMATCH || reason == FailureReason.CANCELLED;
	}

	static boolean isAway(@Nullable FailureReason reason) {
		return reason == FailureReason.UNREACHABLE || reason == FailureReason.HANDSHAKE_TIMED_OUT;
	}

	/**
	 * As the agent if there is one, and anonymously otherwise, so that a dead agent does
	 * not hide a revocation.
	 */
	TrustBundle trustBundle() {
		this.composure.regain();
		Agent agent = this.agents.current();
		if (agent != null) {
			try {
				return agent.connection().trustBundle();
			}
			catch (SpireException ex) {
				// the other way reports the problem
			}
		}
		return this.client.trustBundle();
	}

	/**
	 * A dead agent is replaced if an answer is needed. An eviction by another process can
	 * wait until then, but there is no point in waiting with an SVID that has expired or
	 * was revoked.
	 */
	<A> @Nullable Answer<A> ask(Agent agent, Attestation.Need need, Function<Agent, A> question) throws VisitException {
		try {
			return answer(agent, question);
		}
		catch (VisitException ex) {
			FailureReason reason = ex.failure();
			if (!AgentKeeper.isDeath(reason) || reason == FailureReason.AGENT_BANNED) {
				throw ex;
			}
			if (need == Attestation.Need.NONE && reason != FailureReason.AGENT_EXPIRED
					&& reason != FailureReason.CERTIFICATE_REFUSED) {
				return null;
			}
		}
		Agent next = this.attestation.attest(need);
		return (next != null) ? answer(next, question) : null;
	}

	private <A> Answer<A> answer(Agent agent, Function<Agent, A> question) throws VisitException {
		this.composure.regain();
		try {
			return new Answer<>(agent, question.apply(agent));
		}
		catch (SpireException ex) {
			VisitException failure = failed(ex, agent);
			if (AgentKeeper.isDeath(failure.failure())) {
				this.agents.died(agent, failure);
			}
			throw failure;
		}
	}

	/**
	 * If a call of another thread has found the agent dead, which closes its connection,
	 * that is what happened, unless the visits are being stopped.
	 */
	private VisitException failed(SpireException ex, Agent agent) {
		this.composure.regain();
		if (ex.reason() == FailureReason.CANCELLED && !this.composure.stopping().getAsBoolean()) {
			VisitException death = this.agents.deathOf(agent);
			if (death != null) {
				return death;
			}
		}
		return FailureAdvice.failure(ex, agent.claims());
	}

	/** Observers were told of the request before. */
	HeldSvid newSvid(Agent agent, AuthorizedEntry entry, SvidKeeper svid) {
		this.composure.regain();
		return svid.obtain(agent, entry);
	}

	/** A dead agent is not replaced only for that. */
	TrustBundle federatedBundle(TrustDomain trustDomain) throws VisitException {
		Agent agent = this.agents.current();
		if (agent == null) {
			throw FailureAdvice.cancelled("There is no agent that could ask");
		}
		return answer(agent, (asked) -> asked.connection().federatedBundle(trustDomain, LONGEST_FEDERATED)).value();
	}

	/**
	 * The status only serves the server's own lists, so it comes last and only once, and
	 * not again where the server is older than 1.14.3 or a policy forbids it.
	 */
	void postStatus() {
		Agent agent = this.agents.current();
		if (agent != null && !this.statusPosted.get()) {
			this.composure.regain();
			try {
				agent.connection().postStatus(ServedIdentity.userAgent());
				this.statusPosted.set(true);
			}
			catch (SpireException ex) {
				this.statusPosted
					.set(ex.reason() == FailureReason.UNIMPLEMENTED || ex.reason() == FailureReason.PERMISSION_DENIED);
			}
		}
	}

	record Answer<A>(Agent agent, A value) {

	}

}
