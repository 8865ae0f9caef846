package dev.psat.spire;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * One visit to the server, with all that is due: trust bundle, attestation, entries,
 * X.509-SVID. One thread visits.
 */
final class Visit {

	private final TrustBundleKeeper bundles;

	private final TrustBundleRefresh refresh;

	private final AgentKeeper agents;

	private final EntryKeeper entries;

	private final SvidRenewal renewal;

	private final Outcomes outcomes;

	private final SpirePublication publication;

	private final AtomicBoolean statusPosted;

	Visit(TrustBundleKeeper bundles, TrustBundleRefresh refresh, AgentKeeper agents, EntryKeeper entries,
			SvidRenewal renewal, Outcomes outcomes, SpirePublication publication, AtomicBoolean statusPosted) {
		this.bundles = bundles;
		this.refresh = refresh;
		this.agents = agents;
		this.entries = entries;
		this.renewal = renewal;
		this.outcomes = outcomes;
		this.publication = publication;
		this.statusPosted = statusPosted;
	}

	/**
	 * Visit the server.
	 * @param wanted whether somebody waits for an agent
	 * @throws VisitException if something that was due could not be done
	 */
	void run(boolean wanted) throws VisitException {
		this.publication.attesting();
		boolean poll = this.entries.begin() && !wanted;
		this.bundles.bootstrap();
		if (!this.bundles.isTold()) {
			this.publication.begunWith(this.bundles.get());
		}
		VisitException failure = (poll && this.bundles.isFresh()) ? null : refreshBundle();
		this.agents.closeUnlessVouchedFor(this.bundles.get());
		Need need = need(wanted);
		Agent agent = this.agents.current();
		if (this.agents.isAttestationDue(need, this.bundles.get())) {
			try {
				agent = attest(need);
			}
			catch (VisitException ex) {
				// its predecessor has to do as long as the server accepts that
				agent = this.agents.current();
				if (agent == null) {
					throw ex;
				}
				failure = ex;
			}
		}
		if (agent != null) {
			keepSvid(agent, need);
			postStatus();
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * The trust bundle comes first: TLS has to know it before an SVID that needs it.
	 * @return what went wrong that keeps nothing else from being tried
	 */
	private @Nullable VisitException refreshBundle() throws VisitException {
		VisitException failure = this.refresh.refresh(this.agents.current());
		if (failure == null) {
			this.publication.told(this.bundles.get());
		}
		else if (isOutage(failure.failure()) || this.bundles.isOnTrial()) {
			throw failure;
		}
		return failure;
	}

	private static boolean isOutage(@Nullable FailureReason reason) {
		return reason == FailureReason.UNREACHABLE || reason == FailureReason.TIMED_OUT
				|| reason == FailureReason.TLS_VERSION || reason == FailureReason.SERVER_NOT_TRUSTED
				|| reason == FailureReason.SERVER_ID_MISMATCH || reason == FailureReason.CANCELLED;
	}

	private Need need(boolean wanted) {
		if (wanted) {
			return Need.CALL;
		}
		return this.renewal.isDue(this.bundles.get()) ? Need.RENEWAL : Need.NONE;
	}

	private @Nullable Agent attest(Need need) throws VisitException {
		if (!this.agents.mayAttest(need)) {
			return this.agents.current();
		}
		Agent agent = this.agents.attest();
		this.publication.attested(agent);
		return agent;
	}

	/**
	 * For the server's lists alone, so it comes last and only once. Servers before 1.14.3
	 * do not know it, and a policy may forbid it: neither is asked again.
	 */
	private void postStatus() {
		Agent agent = this.agents.current();
		if (agent != null && !this.statusPosted.get()) {
			try {
				agent.connection().postStatus(UserAgent.value());
				this.statusPosted.set(true);
			}
			catch (SpireException ex) {
				this.statusPosted
					.set(ex.reason() == FailureReason.UNIMPLEMENTED || ex.reason() == FailureReason.PERMISSION_DENIED);
			}
		}
	}

	private void keepSvid(Agent agent, Need need) throws VisitException {
		Answer<List<AuthorizedEntry>> authorized;
		try {
			authorized = ask(agent, need, (asked) -> asked.connection().authorizedEntries());
		}
		catch (VisitException ex) {
			renewUnlisted(ex, need);
			throw ex;
		}
		if (authorized == null) {
			return;
		}
		AuthorizedEntry entry = choose(authorized.value(), authorized.agent().claims());
		if (entry != null && (this.renewal.isDue(this.bundles.get()) || this.renewal.isDue(entry))) {
			renew(authorized.agent(), entry, need);
		}
	}

	/**
	 * A server that cannot list the entries may sign all the same, and knows whether the
	 * entry of the SVID in force still is one.
	 */
	private void renewUnlisted(VisitException failure, Need need) {
		Agent agent = this.agents.current();
		HeldSvid held = this.renewal.held();
		if (agent != null && held != null && !isOutage(failure.failure()) && this.renewal.isDue(this.bundles.get())) {
			try {
				renew(agent, held.entry(), need);
			}
			catch (VisitException ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	private @Nullable AuthorizedEntry choose(List<AuthorizedEntry> authorized, TokenClaims claims)
			throws VisitException {
		HeldSvid held = this.renewal.held();
		AuthorizedEntry inForce = (held != null) ? held.entry() : null;
		AuthorizedEntry entry = null;
		try {
			entry = this.entries.choose(authorized, claims, inForce);
			return entry;
		}
		finally {
			this.publication.candidates(this.entries.candidates());
			if (entry == null) {
				this.publication.waitingForEntry();
			}
		}
	}

	private void renew(Agent agent, AuthorizedEntry entry, Need need) throws VisitException {
		try {
			Answer<HeldSvid> held = ask(agent, (need == Need.NONE) ? Need.RENEWAL : need,
					(asked) -> this.renewal.renew(asked, entry));
			if (held != null) {
				this.publication.holding(held.value());
				this.outcomes.renewed(null);
			}
		}
		catch (VisitException ex) {
			this.outcomes.renewed(ex);
			throw ex;
		}
	}

	/**
	 * Ask as the agent. If that turns out to be dead, attest, where an answer is needed,
	 * and ask once more. A foreign eviction can wait for need, an SVID that has expired
	 * or was revoked has nothing to wait for.
	 */
	private <A> @Nullable Answer<A> ask(Agent agent, Need need, Function<Agent, A> question) throws VisitException {
		try {
			return new Answer<>(agent, question.apply(agent));
		}
		catch (SpireException ex) {
			VisitException failure = failed(ex, agent);
			if (!AgentKeeper.isDeath(ex.reason())) {
				throw failure;
			}
			this.agents.died(agent, failure);
			if (ex.reason() == FailureReason.AGENT_BANNED) {
				throw failure;
			}
			if (need == Need.NONE && ex.reason() != FailureReason.AGENT_EXPIRED
					&& ex.reason() != FailureReason.CERTIFICATE_REFUSED) {
				return null;
			}
		}
		Agent next = attest(need);
		if (next == null) {
			return null;
		}
		try {
			return new Answer<>(next, question.apply(next));
		}
		catch (SpireException ex) {
			VisitException failure = failed(ex, next);
			if (AgentKeeper.isDeath(ex.reason())) {
				this.agents.died(next, failure);
			}
			throw failure;
		}
	}

	private static VisitException failed(SpireException ex, Agent agent) {
		return new VisitException(ex, FailureAdvice.of(ex.reason(), agent.claims()));
	}

	/**
	 * What the server answered.
	 *
	 * @param agent as whom it was asked in the end
	 * @param value the answer
	 */
	private record Answer<A>(Agent agent, A value) {

	}

	/**
	 * For what an agent is needed.
	 */
	enum Need {

		/** To see whether anything has changed, which can wait. */
		NONE,

		/** To obtain an X.509-SVID. */
		RENEWAL,

		/** For somebody who waits. */
		CALL

	}

}
