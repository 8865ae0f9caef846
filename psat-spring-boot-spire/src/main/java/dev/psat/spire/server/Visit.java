package dev.psat.spire.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * A visit to the server that does everything that is due: trust bundle, attestation,
 * entries, X.509-SVID. A single thread visits.
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

	private final Composure composure;

	Visit(TrustBundleKeeper bundles, TrustBundleRefresh refresh, AgentKeeper agents, EntryKeeper entries,
			SvidRenewal renewal, Outcomes outcomes, SpirePublication publication, AtomicBoolean statusPosted,
			Composure composure) {
		this.bundles = bundles;
		this.refresh = refresh;
		this.agents = agents;
		this.entries = entries;
		this.renewal = renewal;
		this.outcomes = outcomes;
		this.publication = publication;
		this.statusPosted = statusPosted;
		this.composure = composure;
	}

	/**
	 * Visit the server.
	 * @param wanted whether a caller waits for an agent
	 * @throws VisitException if anything that was due could not be done
	 */
	void run(boolean wanted) throws VisitException {
		this.publication.attesting();
		boolean poll = this.entries.begin() && !wanted;
		this.bundles.bootstrap();
		if (!this.bundles.isFromServer()) {
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
				// its predecessor has to suffice as long as the server accepts it
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
	 * Refresh the trust bundle. It comes first, since TLS has to know it before an SVID
	 * that needs it.
	 * @return a failure that does not prevent the rest of the visit
	 */
	private @Nullable VisitException refreshBundle() throws VisitException {
		VisitException failure = this.refresh.refresh(this.agents.current());
		if (failure == null) {
			this.publication.fromServer(this.bundles.get());
		}
		else if (isOutage(failure.failure()) || this.bundles.fallsBackToFile()) {
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
		// a call that has to wait does not hold back a renewal
		if (wanted && this.agents.conflictPause(Need.CALL).isZero()) {
			return Need.CALL;
		}
		return this.renewal.isDue(this.bundles.get()) ? Need.RENEWAL : Need.NONE;
	}

	private @Nullable Agent attest(Need need) throws VisitException {
		if (!this.agents.mayAttest(need)) {
			return this.agents.current();
		}
		Agent agent = this.agents.attest(need);
		this.publication.attested(agent);
		return agent;
	}

	/**
	 * Post the status. It only serves the server's own lists, so it comes last and only
	 * once. If the server is older than 1.14.3 or a policy forbids it, it is not posted
	 * again.
	 */
	private void postStatus() {
		Agent agent = this.agents.current();
		if (agent != null && !this.statusPosted.get()) {
			this.composure.regain();
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
	 * Renew without the entries. A server that cannot list them may still sign, and knows
	 * whether the entry of the SVID in force still exists.
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
					(asked) -> this.outcomes.observed(Outcomes.x509Svid(), () -> newSvid(asked, entry)));
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

	private HeldSvid newSvid(Agent agent, AuthorizedEntry entry) {
		this.composure.regain();
		return this.renewal.renew(agent, entry);
	}

	/**
	 * Ask as the agent. If it turns out to be dead and an answer is needed, attest and
	 * ask once more. An eviction by another process can wait until then, but there is no
	 * point in waiting with an SVID that has expired or was revoked.
	 */
	private <A> @Nullable Answer<A> ask(Agent agent, Need need, Function<Agent, A> question) throws VisitException {
		this.composure.regain();
		try {
			return new Answer<>(agent, question.apply(agent));
		}
		catch (SpireException ex) {
			VisitException failure = failed(ex, agent);
			FailureReason reason = failure.failure();
			if (!AgentKeeper.isDeath(reason)) {
				throw failure;
			}
			this.agents.died(agent, failure);
			if (reason == FailureReason.AGENT_BANNED) {
				throw failure;
			}
			if (need == Need.NONE && reason != FailureReason.AGENT_EXPIRED
					&& reason != FailureReason.CERTIFICATE_REFUSED) {
				return null;
			}
		}
		Agent next = attest(need);
		if (next == null) {
			return null;
		}
		this.composure.regain();
		try {
			return new Answer<>(next, question.apply(next));
		}
		catch (SpireException ex) {
			VisitException failure = failed(ex, next);
			if (AgentKeeper.isDeath(failure.failure())) {
				this.agents.died(next, failure);
			}
			throw failure;
		}
	}

	/**
	 * Return the failure of a question. If a call of another thread has found the agent
	 * dead, which closes its connection, that is what happened, unless the visits are
	 * being stopped.
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

	/**
	 * The answer of the server.
	 *
	 * @param agent the agent that finally asked
	 * @param value the answer
	 */
	private record Answer<A>(Agent agent, A value) {

	}

	/**
	 * What an agent is needed for.
	 */
	enum Need {

		/** To check for changes, which can wait. */
		NONE,

		/** To obtain an X.509-SVID. */
		RENEWAL,

		/** For a waiting caller. */
		CALL

	}

}
