package dev.psat.spire.workload;

import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.jspecify.annotations.Nullable;

/** Belongs to the thread of the stream of JWT authorities. */
final class JwtKeeper implements HeldStream.Taker<Map<TrustDomain, TrustBundle>> {

	private final WorkloadDoor.Memory memory;

	private final Time time;

	private final BooleanSupplier over;

	private final VisitReport report = new VisitReport(new Failures(), "Calls for JWT authorities", 1);

	/** When authorities must no longer be used that the agent refuses to confirm. */
	private @Nullable Renewal withdrawal;

	JwtKeeper(WorkloadDoor.Memory memory, Time time, BooleanSupplier over) {
		this.memory = memory;
		this.time = time;
		this.over = over;
	}

	@Override
	public void connecting() {
	}

	@Override
	public void accept(Map<TrustDomain, TrustBundle> authorities) {
		this.withdrawal = null;
		publish(authorities, null);
		this.report.succeeded();
		this.memory.outcomes().refreshed(null);
	}

	@Override
	public void failed(VisitException failure) {
		boolean none = failure.isFor(WorkloadFailureReason.UNIMPLEMENTED);
		if (failure.isFor(WorkloadFailureReason.NO_IDENTITY) && this.withdrawal == null) {
			this.withdrawal = WorkloadPublication.withdrawal(this.time);
		}
		if (none) {
			// there are no JWT-SVIDs to verify, which is no failure
			publish(Map.of(), null);
		}
		else if (this.withdrawal != null && this.withdrawal.isDue(this.time)) {
			publish(Map.of(), failure.toLastError(this.time.now()));
		}
		this.report.failed(failure);
		if (!none) {
			this.memory.outcomes().refreshed(failure);
		}
	}

	@Override
	public VisitException unexpected(Throwable ex) {
		return this.report.unexpected(ex);
	}

	private void publish(Map<TrustDomain, TrustBundle> authorities, SpireStatus.@Nullable LastError error) {
		Instant now = this.time.now();
		TrustReport.federated(this.memory.publication()
			.update(this.over, (snapshot) -> snapshot.with(snapshot.trust().with(authorities, now), error)));
	}

	/** That an agent has no JWT-SVIDs is no failure. */
	private final class Failures implements VisitReport.Publication {

		@Override
		public void succeeded() {
		}

		@Override
		public void failed(VisitException failure) {
			if (!failure.isFor(WorkloadFailureReason.UNIMPLEMENTED)) {
				SpireStatus.LastError error = failure.toLastError(JwtKeeper.this.time.now());
				JwtKeeper.this.memory.publication()
					.update(JwtKeeper.this.over, (snapshot) -> snapshot.with(snapshot.trust(), error));
			}
		}

	}

}
