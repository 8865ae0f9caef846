package dev.psat.spire.workload;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

record WorkloadDoor(Settings settings, Memory memory) implements ServedIdentity.Door<WorkloadRun> {

	@Override
	public String issuer() {
		return "the agent";
	}

	@Override
	public Time time() {
		return this.settings.time();
	}

	@Override
	public Outcomes outcomes() {
		return this.memory.outcomes();
	}

	@Override
	public WorkloadRun newRun() {
		return new WorkloadRun(this.settings, this.memory);
	}

	@Override
	public JwtSvids.Issuer jwtIssuer(JwtRequests<WorkloadRun> requests) {
		return new WorkloadJwtIssuer(requests, this.memory.publication());
	}

	@Override
	public @Nullable HeldSvid svid() {
		return snapshot().svid();
	}

	/**
	 * JWT authorities never expire, and an agent that is gone would not tell that one was
	 * revoked: they count as long as there is an X.509-SVID in force, as those of other
	 * trust domains do.
	 */
	@Override
	public @Nullable TrustBundle trustBundle() {
		WorkloadSnapshot snapshot = snapshot();
		TrustBundle own = snapshot.trust().own();
		return (own == null || snapshot.isInForce(time().now())) ? own
				: TrustBundle.of(own.trustDomain(), own.x509Authorities(), List.of(), null, null);
	}

	@Override
	public TlsSnapshot tls() {
		WorkloadSnapshot snapshot = snapshot();
		HeldSvid held = snapshot.svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, snapshot.trust().own());
	}

	@Override
	public Federation federation() {
		return snapshot().trust().federation();
	}

	@Override
	public boolean isOwn(TrustDomain trustDomain) {
		return snapshot().trust().isOwn(trustDomain);
	}

	@Override
	public SpireStatus status(Instant now) {
		return snapshot().status(this.settings.endpoint(), now);
	}

	private WorkloadSnapshot snapshot() {
		return this.memory.publication().current();
	}

	record Settings(String endpoint, Supplier<WorkloadRun.Calls> calls, SvidPreference preference,
			List<TrustDomain> federatesWith, Time time) {

	}

	/** What an identity keeps from one start to the next. */
	record Memory(WorkloadPublication publication, Outcomes outcomes, AtomicReference<@Nullable SpiffeId> last,
			AtomicBoolean ownTold) {

		static Memory of(WorkloadDoor.Settings settings, Runnable changed) {
			return new Memory(new WorkloadPublication(settings, changed), new Outcomes(), new AtomicReference<>(),
					new AtomicBoolean());
		}

		@Nullable SpiffeId lastId(SpiffeId spiffeId) {
			return this.last.getAndSet(spiffeId);
		}

	}

}
