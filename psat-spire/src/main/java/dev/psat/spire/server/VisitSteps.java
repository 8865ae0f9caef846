package dev.psat.spire.server;

import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one visit, in their order. A step that fails ends the visit by throwing,
 * unless what follows does not need it.
 */
final class VisitSteps {

	private final List<Step> steps = List.of(this::beginWithTrust, this::refreshBundle, this::attest, this::chooseEntry,
			this::federateAtFirst, this::renew, this::federate, this::postStatus);

	private final ServerDoor.Memory memory;

	private final TrustBundleKeeper bundles;

	private final SvidKeeper svid;

	private final SpirePublication publication;

	private final ServerCalls calls;

	private final Attestation attestation;

	private final AgentKeeper agents;

	private final boolean wanted;

	private boolean refreshing;

	private Attestation.Need need = Attestation.Need.NONE;

	private @Nullable Agent agent;

	private @Nullable AuthorizedEntry entry;

	private boolean federating;

	private boolean unlisted;

	/** Of the last step that has failed without ending the visit. */
	private @Nullable VisitException failure;

	VisitSteps(ServerDoor.Memory memory, ServerCalls calls, Attestation attestation, AgentKeeper agents,
			boolean wanted) {
		this.memory = memory;
		this.bundles = memory.bundles();
		this.svid = memory.svid();
		this.publication = memory.publication();
		this.calls = calls;
		this.attestation = attestation;
		this.agents = agents;
		this.wanted = wanted;
	}

	void take() throws VisitException {
		for (Step step : this.steps) {
			if (step.take() == Next.STOP) {
				break;
			}
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	private Next failed(VisitException ex) {
		this.failure = ex;
		return Next.GO_ON;
	}

	private Next beginWithTrust() throws VisitException {
		this.publication.attesting();
		this.memory.federation().begin();
		boolean poll = this.memory.entries().begin() && !this.wanted;
		this.bundles.bootstrap();
		if (!this.bundles.isFromServer()) {
			this.publication.begunWith(this.bundles.get());
		}
		this.refreshing = !poll || !this.bundles.isFresh();
		return Next.GO_ON;
	}

	/** First, since TLS has to know it before an SVID that needs it. */
	private Next refreshBundle() throws VisitException {
		if (!this.refreshing) {
			return Next.GO_ON;
		}
		VisitException failure = acceptBundle();
		this.memory.outcomes().refreshed(failure);
		if (failure == null) {
			this.bundles.tell();
			return Next.GO_ON;
		}
		if (ServerCalls.isOutage(failure.failure()) || this.bundles.fallsBackToFile()) {
			throw failure;
		}
		return failed(failure);
	}

	private @Nullable VisitException acceptBundle() {
		try {
			this.bundles.accept(this.calls.trustBundle());
			this.publication.fromServer(this.bundles.get());
			this.bundles.confirm();
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

	private Next attest() throws VisitException {
		TrustBundle bundle = this.bundles.get();
		this.agents.closeUnlessVouchedFor(bundle);
		this.need = need(bundle);
		this.agent = this.agents.current();
		if (this.agents.isAttestationDue(this.need, bundle)) {
			try {
				this.agent = this.attestation.attest(this.need);
			}
			catch (VisitException ex) {
				// its predecessor has to suffice as long as the server accepts it
				this.agent = this.agents.current();
				failed(ex);
			}
		}
		return (this.agent != null) ? Next.GO_ON : Next.STOP;
	}

	private Attestation.Need need(TrustBundle bundle) {
		// a call that has to wait does not hold back a renewal
		if (this.wanted && this.agents.conflictPause(Attestation.Need.CALL).isZero()) {
			return Attestation.Need.CALL;
		}
		return (this.svid.isDue(bundle) || this.memory.federation().isOverdue()) ? Attestation.Need.RENEWAL
				: Attestation.Need.NONE;
	}

	private Next chooseEntry() throws VisitException {
		ServerCalls.Answer<List<AuthorizedEntry>> authorized;
		try {
			authorized = this.calls.ask(agent(), this.need, (asked) -> asked.connection().authorizedEntries());
		}
		catch (VisitException ex) {
			return withoutEntries(ex);
		}
		if (authorized == null) {
			return Next.STOP;
		}
		this.agent = authorized.agent();
		try {
			this.entry = this.memory.entries()
				.choose(authorized.value(), authorized.agent().claims(), this.svid.entry());
		}
		catch (VisitException ex) {
			failed(ex);
		}
		this.publication.candidates(this.memory.entries().candidates());
		this.federating = this.refreshing;
		if (this.entry == null) {
			this.publication.waitingForEntry();
		}
		else if (this.memory.federation().learn(this.entry) || this.publication.hasExpired()) {
			this.federating = true;
		}
		return Next.GO_ON;
	}

	/**
	 * A server that cannot list the entries may still sign, and knows whether the entry
	 * of the SVID in force still exists. As long as that SVID is in force, what its entry
	 * was last seen to federate with counts.
	 */
	private Next withoutEntries(VisitException ex) throws VisitException {
		if (ServerCalls.isOutage(ex.failure())) {
			throw ex;
		}
		this.agent = this.agents.current();
		this.entry = this.svid.entry();
		this.unlisted = true;
		this.federating = this.refreshing || this.publication.hasExpired();
		return failed(ex);
	}

	private Next renew() {
		Agent agent = this.agent;
		AuthorizedEntry entry = this.entry;
		if (agent == null || entry == null || !(this.svid.isDue(this.bundles.get()) || this.svid.isDue(entry))) {
			return Next.GO_ON;
		}
		Outcomes outcomes = this.memory.outcomes();
		try {
			ServerCalls.Answer<HeldSvid> held = this.calls.ask(agent,
					(this.need == Attestation.Need.NONE) ? Attestation.Need.RENEWAL : this.need, (asked) -> outcomes
						.observed(Outcomes.x509Svid(), () -> this.calls.newSvid(asked, entry, this.svid)));
			if (held != null) {
				hold(held, entry);
				outcomes.renewed(null);
			}
			return Next.GO_ON;
		}
		catch (VisitException ex) {
			outcomes.renewed(ex);
			// that the entries cannot be listed is likely to be the cause
			return this.unlisted ? Next.GO_ON : failed(ex);
		}
	}

	private void hold(ServerCalls.Answer<HeldSvid> held, AuthorizedEntry entry) {
		boolean renewal = this.publication.isRenewal(held.value());
		if (this.publication.hasExpired()) {
			this.memory.federation().forgetUnconfirmed();
		}
		this.svid.hold(held.value(), entry);
		this.publication.holding(held.value());
		SvidKeeper.tell(held.value(), renewal, held.agent());
	}

	/**
	 * Whoever waits for the X.509-SVID finds other trust domains trusted, but none of
	 * them holds back a renewal.
	 */
	private Next federateAtFirst() {
		return this.publication.isInForce() ? Next.GO_ON : federate();
	}

	private Next federate() {
		if (this.federating) {
			this.federating = false;
			this.memory.federation().refresh(this.calls::federatedBundle);
		}
		return Next.GO_ON;
	}

	private Next postStatus() {
		this.calls.postStatus();
		return Next.GO_ON;
	}

	private Agent agent() {
		return Objects.requireNonNull(this.agent);
	}

	private interface Step {

		Next take() throws VisitException;

	}

	private enum Next {

		GO_ON, STOP

	}

}
