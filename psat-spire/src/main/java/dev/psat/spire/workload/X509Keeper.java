package dev.psat.spire.workload;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.SvidSubject;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadX509Svid;
import dev.psat.spire.workload.client.WorkloadX509Update;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the stream of X.509-SVIDs brings, from a start to a stop. It belongs to the
 * thread of that stream.
 */
final class X509Keeper implements HeldStream.Taker<WorkloadX509Update> {

	private static final IdentityLog logger = new IdentityLog();

	/** The fraction of its lifetime by which an X.509-SVID should have been replaced. */
	private static final double OVERDUE = 0.6;

	private final WorkloadSettings settings;

	private final WorkloadMemory memory;

	private final BooleanSupplier over;

	private final VisitReport report;

	private final TrustReport trustReport;

	private boolean ambiguous;

	X509Keeper(WorkloadSettings settings, WorkloadMemory memory, BooleanSupplier over) {
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
		WorkloadSnapshot before = this.memory.publication().snapshot();
		SpiffeId inForce = (before.svid() != null) ? before.svid().svid().spiffeId() : null;
		SvidChoice choice = SvidChoice.of(message.svids(), this.settings.preference(), inForce);
		WorkloadX509Svid svid = choice.svid();
		if (svid == null) {
			Renewal withdrawal = this.memory.publication().withdrawal();
			unusable(message, choice.failure(),
					(snapshot, trust) -> snapshot.offered(trust, choice.candidates()).refused(withdrawal));
			return;
		}
		VisitException revoked = revoked(svid);
		if (revoked != null) {
			Renewal withdrawal = this.memory.publication().withdrawal();
			boolean replaced = inForce != null && !inForce.equals(svid.svid().spiffeId());
			unusable(message, revoked,
					(snapshot, trust) -> replaced ? snapshot.offered(trust, choice.candidates()).refused(withdrawal)
							: snapshot.keeping(trust, choice.candidates()));
		}
		else {
			hold(svid, message, choice);
		}
	}

	/**
	 * Return why an X.509-SVID cannot be used. An agent that learns that an authority was
	 * tainted and revoked at once replaces its X.509-SVIDs no sooner than otherwise.
	 */
	private @Nullable VisitException revoked(WorkloadX509Svid svid) {
		try {
			svid.trustBundle().verifyIssued(svid.svid(), time().now());
			return null;
		}
		catch (CertificateException ex) {
			return new VisitException(WorkloadFailureReason.INVALID_SVID,
					"The agent offers an X.509-SVID that cannot be trusted: " + ex.getMessage(),
					"If its authority was revoked, the agent replaces it at half of its lifetime, or at once if it is restarted. Otherwise, check the agent's log.");
		}
	}

	private void hold(WorkloadX509Svid svid, WorkloadX509Update message, SvidChoice choice) {
		Instant now = time().now();
		WorkloadPublication.Change change = update((snapshot) -> {
			OfferedTrust trust = snapshot.trust().offered(svid.trustBundle(), message.federatedBundles(), now);
			return snapshot.holding(held(svid, snapshot), trust, choice.candidates());
		});
		HeldSvid held = change.after().svid();
		if (held == null || this.over.getAsBoolean()) {
			return;
		}
		boolean isNew = change.before().svid() != held;
		if (isNew) {
			tell(held, change.before(), choice);
		}
		tellOfAmbiguity(held.svid().spiffeId(), choice);
		this.trustReport.became(change, held.svid().spiffeId());
		this.trustReport.received(svid.trustBundle(), message.federatedBundles());
		this.report.succeeded();
		if (isNew) {
			this.memory.outcomes().renewed(null);
		}
		this.memory.outcomes().refreshed(null);
	}

	/**
	 * Return the X.509-SVID to hold, which is the same as before if the agent has only
	 * said it again.
	 */
	private HeldSvid held(WorkloadX509Svid offered, WorkloadSnapshot snapshot) {
		X509Svid svid = offered.svid();
		HeldSvid before = snapshot.svid();
		if (before != null && isSame(before.svid(), svid)) {
			return before;
		}
		long generation = snapshot.svids() + 1;
		// JWT-SVIDs of an identity that was withdrawn are not used again
		String version = (before != null && before.svid().spiffeId().equals(svid.spiffeId()))
				? before.subject().version() : Long.toString(generation);
		return new HeldSvid(svid, offered.privateKey(), new SvidSubject(svid.spiffeId(), version, false), generation,
				overdue(svid));
	}

	private static boolean isSame(X509Svid one, X509Svid other) {
		return one.chain().equals(other.chain()) && Objects.equals(one.hint(), other.hint());
	}

	private Renewal overdue(X509Svid svid) {
		Duration life = Duration.between(svid.issuedAt(), svid.expiresAt());
		Instant at = svid.issuedAt().plusMillis((long) (life.toMillis() * OVERDUE));
		return new Renewal(time().nanos(), Duration.between(time().now(), at), at);
	}

	private void tell(HeldSvid held, WorkloadSnapshot before, SvidChoice choice) {
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

	private void tellOfAmbiguity(SpiffeId spiffeId, SvidChoice choice) {
		boolean ambiguous = choice.isAmbiguous();
		if (ambiguous && !this.ambiguous) {
			logger.warn("{} remains the identity until the next start, which will require a choice: {}", spiffeId,
					SvidPreference.SEVERAL_ADVICE);
		}
		this.ambiguous = ambiguous;
	}

	/**
	 * Take a message that has no X.509-SVID to use. The one in force is used a little
	 * longer, with whom the agent now lets this application trust.
	 */
	private void unusable(WorkloadX509Update message, VisitException failure,
			BiFunction<WorkloadSnapshot, OfferedTrust, WorkloadSnapshot> change) {
		Instant now = time().now();
		SpireStatus.LastError error = failure.toLastError(now);
		WorkloadPublication.Change changed = update(
				(snapshot) -> change.apply(snapshot, trust(snapshot, message, now)).failed(error));
		HeldSvid held = changed.after().svid();
		if (held != null) {
			this.trustReport.became(changed, held.svid().spiffeId());
		}
		message.svids().forEach((svid) -> this.trustReport.received(svid.trustBundle(), message.federatedBundles()));
		this.report.failed(failure);
		this.memory.outcomes().renewed(failure);
		this.memory.outcomes().refreshed(null);
		this.memory.publication().withdrawIfDue();
	}

	private static OfferedTrust trust(WorkloadSnapshot snapshot, WorkloadX509Update message, Instant now) {
		TrustBundle own = (snapshot.svid() != null) ? bundle(message.svids(), snapshot.svid().svid()) : null;
		Map<TrustDomain, TrustBundle> federated = message.federatedBundles();
		TrustBundle known = snapshot.trust().x509();
		if (snapshot.svid() == null || known == null) {
			return snapshot.trust();
		}
		return snapshot.trust().offered((own != null) ? own : known, federated, now);
	}

	private static @Nullable TrustBundle bundle(List<WorkloadX509Svid> svids, X509Svid held) {
		return svids.stream()
			.map(WorkloadX509Svid::trustBundle)
			.filter((bundle) -> bundle.trustDomain().equals(held.spiffeId().trustDomain()))
			.findFirst()
			.orElse(null);
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

	/**
	 * Publishes failures. Successes are published with what the message has brought.
	 */
	private final class Failures implements VisitReport.Publication {

		@Override
		public void succeeded() {
		}

		@Override
		public void failed(VisitException failure) {
			SpireStatus.LastError error = failure.toLastError(time().now());
			Renewal withdrawal = X509Keeper.this.memory.publication().withdrawal();
			boolean refused = failure.isFor(WorkloadFailureReason.NO_IDENTITY);
			update((snapshot) -> (refused ? snapshot.offered(snapshot.trust(), 0).refused(withdrawal) : snapshot)
				.failed(error));
		}

	}

}
