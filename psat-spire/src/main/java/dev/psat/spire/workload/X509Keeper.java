package dev.psat.spire.workload;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadX509Update;
import org.jspecify.annotations.Nullable;

/** Belongs to the thread of the stream of X.509-SVIDs. */
final class X509Keeper implements HeldStream.Taker<WorkloadX509Update> {

	private static final IdentityLog logger = new IdentityLog();

	private final WorkloadDoor.Settings settings;

	private final WorkloadDoor.Memory memory;

	private final BooleanSupplier over;

	private final VisitReport report;

	private final TrustReport trustReport;

	private boolean ambiguous;

	X509Keeper(WorkloadDoor.Settings settings, WorkloadDoor.Memory memory, BooleanSupplier over) {
		this.settings = settings;
		this.memory = memory;
		this.over = over;
		this.report = new VisitReport(new Failures(), "Calls of the Workload API", 1);
		this.trustReport = new TrustReport(settings.federatesWith(), memory.ownTold());
	}

	@Override
	public void connecting() {
		update((snapshot) -> (snapshot.waiting() == SpireState.STARTING) ? snapshot.waiting(SpireState.CONNECTING)
				: snapshot);
	}

	@Override
	public void accept(WorkloadX509Update message) {
		AtomicReference<@Nullable X509Decision> made = new AtomicReference<>();
		WorkloadPublication.Change change = update((snapshot) -> {
			X509Decision decision = X509Decision.of(message, snapshot, this.settings.preference(), time());
			made.set(decision);
			return decision.snapshot();
		});
		X509Decision decision = made.get();
		if (decision == null || this.over.getAsBoolean()) {
			return;
		}
		HeldSvid held = change.after().svid();
		boolean isNew = held != null && held != change.before().svid();
		if (held != null) {
			if (isNew) {
				tell(held, change.before(), decision.choice());
			}
			if (decision.failure() == null) {
				tellOfAmbiguity(held.svid().spiffeId(), decision.choice());
			}
			this.trustReport.became(change, held.svid().spiffeId());
		}
		message.svids().forEach((svid) -> this.trustReport.received(svid.trustBundle(), message.federatedBundles()));
		if (decision.failure() != null) {
			unusable(decision.failure());
		}
		else {
			this.report.succeeded();
			if (isNew) {
				this.memory.outcomes().renewed(null);
			}
		}
		this.memory.outcomes().refreshed(null);
	}

	private void tell(HeldSvid held, WorkloadSnapshot before, X509Decision.SvidChoice choice) {
		X509Svid svid = held.svid();
		SpiffeId last = this.memory.lastId(svid.spiffeId());
		if (last != null && !last.trustDomain().equals(svid.spiffeId().trustDomain())) {
			logger.warn("The trust domain has changed from {} to {}, as the agent says", last.trustDomain(),
					svid.spiffeId().trustDomain());
		}
		if (last != null && !last.equals(svid.spiffeId())) {
			logger.warn("{} {}: {} is used", last, choice.lack(last), svid.spiffeId());
		}
		boolean renewal = before.isInForce(time().now()) && held.isRenewalOf(before.svid());
		logger.tell(!renewal, "X.509-SVID {} of generation {} (serial number {}, expires at {}) obtained from {}",
				svid.spiffeId(), held.generation(), svid.serialNumber(), svid.expiresAt(), this.settings.endpoint());
	}

	private void tellOfAmbiguity(SpiffeId spiffeId, X509Decision.SvidChoice choice) {
		boolean ambiguous = choice.isAmbiguous();
		if (ambiguous && !this.ambiguous) {
			logger.warn("{} remains the identity until the next start, which will require a choice: {}", spiffeId,
					SvidPreference.SEVERAL_ADVICE);
		}
		this.ambiguous = ambiguous;
	}

	private void unusable(VisitException failure) {
		this.report.failed(failure);
		this.memory.outcomes().renewed(failure);
		this.memory.publication().withdrawIfDue();
	}

	@Override
	public void failed(VisitException failure) {
		this.report.failed(failure);
		this.memory.outcomes().renewed(failure);
		this.memory.outcomes().refreshed(failure);
		this.memory.publication().withdrawIfDue();
	}

	@Override
	public VisitException unexpected(Throwable ex) {
		return this.report.unexpected(ex);
	}

	private WorkloadPublication.Change update(UnaryOperator<WorkloadSnapshot> change) {
		return this.memory.publication().update(this.over, change);
	}

	private Time time() {
		return this.settings.time();
	}

	/** Successes are published with what the message has brought. */
	private final class Failures implements VisitReport.Publication {

		@Override
		public void succeeded() {
		}

		@Override
		public void failed(VisitException failure) {
			SpireStatus.LastError error = failure.toLastError(time().now());
			Renewal withdrawal = WorkloadPublication.withdrawal(time());
			boolean refused = failure.isFor(WorkloadFailureReason.NO_IDENTITY);
			update((snapshot) -> (refused ? snapshot.offered(snapshot.trust(), 0).refused(withdrawal) : snapshot)
				.failed(error));
		}

	}

}
