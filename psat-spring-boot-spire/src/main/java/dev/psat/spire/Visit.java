package dev.psat.spire;

import java.util.List;
import java.util.function.Function;

import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpiffeId;
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

	private boolean statusPosted;

	Visit(TrustBundleKeeper bundles, TrustBundleRefresh refresh, AgentKeeper agents, EntryKeeper entries,
			SvidRenewal renewal, Outcomes outcomes, SpirePublication publication) {
		this.bundles = bundles;
		this.refresh = refresh;
		this.agents = agents;
		this.entries = entries;
		this.renewal = renewal;
		this.outcomes = outcomes;
		this.publication = publication;
	}

	/**
	 * Visit the server.
	 * @param wanted whether somebody waits for an agent
	 * @throws VisitException if something that was due could not be done
	 */
	void run(boolean wanted) throws VisitException {
		this.publication.attesting();
		this.bundles.bootstrap();
		VisitException failure = refreshBundle();
		Need need = need(wanted);
		Agent agent = this.agents.current();
		if (this.agents.isAttestationDue(need, this.bundles.get())) {
			try {
				agent = attest(need);
			}
			catch (VisitException ex) {
				// its predecessor has to do as long as the server accepts that
				agent = this.agents.usable(this.bundles.get());
				if (agent == null) {
					throw ex;
				}
				failure = ex;
			}
		}
		if (agent != null) {
			keepSvid(agent, need);
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
			this.publication.refreshed();
		}
		else if (isOutage(failure.failure())) {
			throw failure;
		}
		return failure;
	}

	private static boolean isOutage(@Nullable FailureReason reason) {
		return reason != FailureReason.INVALID_TRUST_BUNDLE && reason != FailureReason.TRUST_BUNDLE_NOT_FOUND
				&& reason != FailureReason.SERVER_ERROR;
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
		postStatus(agent);
		return agent;
	}

	private void postStatus(Agent agent) {
		if (!this.statusPosted) {
			this.statusPosted = true;
			try {
				agent.connection().postStatus(UserAgent.value());
			}
			catch (SpireException ex) {
				// for the server's lists alone, and unknown to old ones
			}
		}
	}

	private void keepSvid(Agent agent, Need need) throws VisitException {
		List<AuthorizedEntry> authorized = ask(agent, need, AgentConnection::authorizedEntries);
		if (authorized == null) {
			return;
		}
		AuthorizedEntry entry = choose(authorized, agent.claims());
		if (entry != null && (this.renewal.isDue(this.bundles.get()) || this.renewal.isDue(entry))) {
			renew(entry, need);
		}
	}

	private @Nullable AuthorizedEntry choose(List<AuthorizedEntry> authorized, TokenClaims claims)
			throws VisitException {
		HeldSvid held = this.renewal.held();
		SpiffeId inForce = (held != null) ? held.svid().spiffeId() : null;
		try {
			return this.entries.choose(authorized, claims, inForce);
		}
		finally {
			this.publication.candidates(this.entries.candidates());
		}
	}

	private void renew(AuthorizedEntry entry, Need need) throws VisitException {
		Agent agent = this.agents.current();
		if (agent == null) {
			return;
		}
		try {
			HeldSvid held = ask(agent, (need == Need.NONE) ? Need.RENEWAL : need,
					(connection) -> this.renewal.renew(connection, entry));
			if (held != null) {
				this.publication.holding(held);
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
	 * and ask once more.
	 */
	private <A> @Nullable A ask(Agent agent, Need need, Function<AgentConnection, A> question) throws VisitException {
		try {
			return question.apply(agent.connection());
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
			if (need == Need.NONE && ex.reason() != FailureReason.AGENT_EXPIRED) {
				return null;
			}
		}
		Agent next = attest(need);
		if (next == null) {
			return null;
		}
		try {
			return question.apply(next.connection());
		}
		catch (SpireException ex) {
			throw failed(ex, next);
		}
	}

	private static VisitException failed(SpireException ex, Agent agent) {
		return new VisitException(ex, FailureAdvice.of(ex.reason(), agent.claims()));
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
