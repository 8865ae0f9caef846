package dev.psat.spire.server;

import java.time.Duration;
import java.util.List;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * A visit to the server that does everything that is due: trust bundle, attestation,
 * entries, X.509-SVID. What it has found decides on when to visit next. A single thread
 * visits.
 */
final class Visit {

	private final Settings settings;

	private final TokenRefresh token;

	private final TrustBundleKeeper bundles;

	private final EntryKeeper entries;

	private final FederationKeeper federation;

	private final SvidKeeper svid;

	private final Outcomes outcomes;

	private final SpirePublication publication;

	private final AgentKeeper agents;

	private final ServerCalls calls;

	private final VisitReport report;

	private final Composure composure;

	private final VisitSchedule schedule;

	private boolean visited;

	/**
	 * Create visits.
	 * @param settings the settings of the identity
	 * @param memory what the identity keeps
	 * @param agents keeps the agent
	 * @param calls makes the calls
	 * @param report reports how the visits end
	 * @param composure keeps interrupts from cancelling the calls
	 */
	Visit(Settings settings, IdentityMemory memory, AgentKeeper agents, ServerCalls calls, VisitReport report,
			Composure composure) {
		this.settings = settings;
		this.token = memory.token();
		this.bundles = memory.bundles();
		this.entries = memory.entries();
		this.federation = memory.federation();
		this.svid = memory.svid();
		this.outcomes = memory.outcomes();
		this.publication = memory.publication();
		this.agents = agents;
		this.calls = calls;
		this.report = report;
		this.composure = composure;
		this.schedule = new VisitSchedule(settings.time());
	}

	/**
	 * Visit the server.
	 * @param wanted whether a caller waits for an agent
	 * @return how long to wait until the next visit
	 */
	Duration run(boolean wanted) {
		try {
			doWhatIsDue(wanted);
			this.report.succeeded();
			return this.schedule.afterSuccess(situation());
		}
		catch (VisitException ex) {
			return failed(ex);
		}
		// including undeclared exceptions, since an attestor need not be written in Java
		catch (Throwable ex) {
			return failed(this.report.unexpected(ex));
		}
		finally {
			this.publication.inConflict(this.agents.conflict());
			if (this.agents.current() == null) {
				this.publication.withoutAgent();
			}
		}
	}

	private Duration failed(VisitException failure) {
		if (failure.failure() == FailureReason.CANCELLED && this.composure.stopping().getAsBoolean()) {
			return Duration.ZERO;
		}
		this.report.failed(failure);
		if (failure.failure() == FailureReason.TOKEN_REVIEW_FAILED) {
			this.token.begin();
		}
		return this.schedule.afterFailure(failure, situation());
	}

	/**
	 * Return how long to wait after a visit that ended with an error which could not be
	 * handled.
	 */
	Duration afterError() {
		return this.schedule.afterError(situation());
	}

	private VisitSchedule.Situation situation() {
		Agent agent = this.agents.current();
		return new VisitSchedule.Situation(this.settings.refreshInterval(), this.bundles.refreshHint(),
				this.entries.poll(), this.svid.held(), (agent != null) ? agent.replacement() : null,
				this.agents.pause());
	}

	private void doWhatIsDue(boolean wanted) throws VisitException {
		if (!this.visited) {
			this.visited = true;
			this.bundles.forget();
			this.entries.forget();
		}
		this.publication.attesting();
		boolean poll = this.entries.begin() && !wanted;
		this.bundles.bootstrap();
		if (!this.bundles.isFromServer()) {
			this.publication.begunWith(this.bundles.get());
		}
		this.federation.begin();
		boolean refreshing = !poll || !this.bundles.isFresh();
		VisitException failure = refreshing ? refreshBundle() : null;
		this.agents.closeUnlessVouchedFor(this.bundles.get());
		Need need = need(wanted);
		Agent agent = this.agents.current();
		if (this.agents.isAttestationDue(need, this.bundles.get())) {
			try {
				agent = this.calls.attest(need);
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
			try {
				keepSvid(agent, need, refreshing);
			}
			finally {
				this.federation.askRest(this.calls::federatedBundle);
			}
			this.calls.postStatus();
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
		VisitException failure = acceptBundle();
		this.outcomes.refreshed(failure);
		if (failure == null) {
			this.publication.fromServer(this.bundles.get());
			this.bundles.tell();
		}
		else if (ServerCalls.isOutage(failure.failure()) || this.bundles.fallsBackToFile()) {
			throw failure;
		}
		return failure;
	}

	private @Nullable VisitException acceptBundle() {
		try {
			this.bundles.accept(this.calls.trustBundle());
			return null;
		}
		catch (VisitException ex) {
			return ex;
		}
		catch (SpireException ex) {
			if (ex.reason() == FailureReason.SERVER_NOT_TRUSTED) {
				this.bundles.serverUntrusted();
			}
			return FailureAdvice.failure(ex, null);
		}
	}

	private Need need(boolean wanted) {
		// a call that has to wait does not hold back a renewal
		if (wanted && this.agents.conflictPause(Need.CALL).isZero()) {
			return Need.CALL;
		}
		return (this.svid.isDue(this.bundles.get()) || this.federation.isOverdue()) ? Need.RENEWAL : Need.NONE;
	}

	private void keepSvid(Agent agent, Need need, boolean refreshing) throws VisitException {
		ServerCalls.Answer<List<AuthorizedEntry>> authorized;
		try {
			authorized = this.calls.ask(agent, need, (asked) -> asked.connection().authorizedEntries());
		}
		catch (VisitException ex) {
			if (!ServerCalls.isOutage(ex.failure())) {
				federate(null, refreshing || this.publication.hasExpired());
				renewUnlisted(ex, need);
			}
			throw ex;
		}
		if (authorized == null) {
			return;
		}
		AuthorizedEntry entry = choose(authorized.value(), authorized.agent().claims(), refreshing);
		if (entry != null && (this.svid.isDue(this.bundles.get()) || this.svid.isDue(entry))) {
			renew(authorized.agent(), entry, need);
		}
	}

	/**
	 * Renew without the entries. A server that cannot list them may still sign, and knows
	 * whether the entry of the SVID in force still exists.
	 */
	private void renewUnlisted(VisitException failure, Need need) {
		Agent agent = this.agents.current();
		AuthorizedEntry entry = this.svid.entry();
		if (agent != null && entry != null && this.svid.isDue(this.bundles.get())) {
			try {
				renew(agent, entry, need);
			}
			catch (VisitException ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	private @Nullable AuthorizedEntry choose(List<AuthorizedEntry> authorized, TokenClaims claims, boolean refreshing)
			throws VisitException {
		AuthorizedEntry entry = null;
		try {
			entry = this.entries.choose(authorized, claims, this.svid.entry());
			return entry;
		}
		finally {
			this.publication.candidates(this.entries.candidates());
			if (entry == null) {
				this.publication.waitingForEntry();
			}
			federate(entry, refreshing || entry != null && this.publication.hasExpired());
		}
	}

	/**
	 * Refresh the trust bundles of federated trust domains, before an SVID with which
	 * they are trusted.
	 * @param entry the chosen entry, {@code null} if it is not listed; as long as its
	 * SVID is in force, what it was last seen to federate with counts
	 * @param asking whether to ask even if that has not changed
	 */
	private void federate(@Nullable AuthorizedEntry entry, boolean asking) {
		boolean changed = entry != null && this.federation.learn(entry);
		if (asking || changed) {
			this.federation.refresh(this.calls::federatedBundle);
		}
	}

	private void renew(Agent agent, AuthorizedEntry entry, Need need) throws VisitException {
		try {
			ServerCalls.Answer<HeldSvid> held = this.calls.ask(agent, (need == Need.NONE) ? Need.RENEWAL : need,
					(asked) -> this.outcomes.observed(Outcomes.x509Svid(), () -> newSvid(asked, entry)));
			if (held != null) {
				boolean renewal = this.publication.isRenewal(held.value());
				if (this.publication.hasExpired()) {
					this.federation.forgetUnconfirmed();
				}
				this.svid.hold(held.value(), entry);
				this.publication.holding(held.value());
				SvidKeeper.tell(held.value(), renewal, held.agent());
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
		return this.svid.obtain(agent, entry);
	}

}
