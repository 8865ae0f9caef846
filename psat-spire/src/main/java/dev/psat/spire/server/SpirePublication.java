package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.Announcer;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.server.Snapshot.Phase;
import dev.psat.spire.server.Snapshot.Verdict;
import org.jspecify.annotations.Nullable;

/** Publishes the snapshot, which anyone can read without a lock. */
final class SpirePublication implements VisitReport.Publication {

	private final AtomicReference<Snapshot> snapshot;

	private final Time time;

	private final Announcer announcer;

	private Set<X509Authority> authorities = Set.of();

	private long authorityGeneration;

	SpirePublication(List<TrustDomain> federatesWith, Time time, Runnable changed) {
		this.snapshot = new AtomicReference<>(Snapshot.EMPTY.federating(Federation.of(federatesWith)));
		this.time = time;
		this.announcer = new Announcer(this::news, changed);
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	boolean hasExpired() {
		return snapshot().svid() != null && !isInForce();
	}

	boolean isInForce() {
		return snapshot().isInForce(this.time.now());
	}

	boolean isRenewal(HeldSvid svid) {
		return isInForce() && svid.isRenewalOf(snapshot().svid());
	}

	void attesting() {
		update((snapshot) -> (snapshot.course().phase() == Phase.STARTING) ? snapshot.in(Phase.ATTESTING) : snapshot);
	}

	Duration attested(Agent agent) {
		Duration skew = Agent.clockSkew(agent.svid(), this.time.now());
		update((snapshot) -> snapshot.attested(agent.svid(), skew));
		return skew;
	}

	void waitingForEntry() {
		update((snapshot) -> snapshot.in(Phase.WAITING_FOR_ENTRY));
	}

	void withoutAgent() {
		update(Snapshot::withoutAgent);
	}

	void begunWith(TrustBundle bundle) {
		trusting(bundle, null);
	}

	void fromServer(TrustBundle bundle) {
		trusting(bundle, this.time.now());
	}

	/**
	 * Each answer of the server is another trust bundle, so its authorities are compared.
	 */
	private void trusting(TrustBundle bundle, @Nullable Instant refreshedAt) {
		Set<X509Authority> authorities = Set.copyOf(bundle.x509Authorities());
		if (!authorities.equals(this.authorities)) {
			this.authorities = authorities;
			this.authorityGeneration++;
		}
		SpireStatus.Bundle shown = SpireStatus.Bundle.builder(bundle.x509Authorities().size(), this.authorityGeneration)
			.sequenceNumber(bundle.sequenceNumber())
			.refreshedAt(refreshedAt)
			.build();
		update((snapshot) -> snapshot.trusting(bundle, shown));
	}

	void federating(Federation federation) {
		update((snapshot) -> snapshot.federating(federation));
	}

	void candidates(int candidates) {
		update((snapshot) -> snapshot.with(candidates));
	}

	void holding(HeldSvid svid) {
		update((snapshot) -> snapshot.holding(svid));
	}

	void inConflict(SpireStatus.@Nullable LastError eviction) {
		update((snapshot) -> snapshot.inConflict(eviction));
	}

	@Override
	public void succeeded() {
		update((snapshot) -> snapshot.after(null));
	}

	@Override
	public void failed(VisitException failure) {
		SpireStatus.LastError error = failure.toLastError(this.time.now());
		update((snapshot) -> {
			Snapshot next = snapshot.after(error);
			if (failure.failure() == FailureReason.AGENT_BANNED) {
				next = next.judged(Verdict.BANNED);
			}
			if (failure.reason().equals(VisitException.OwnReason.NODE_IDENTITY.name())) {
				next = next.judged(Verdict.NODE_IDENTITY);
			}
			return (next.course().phase() == Phase.STARTING) ? next.in(Phase.ATTESTING) : next;
		});
	}

	private void update(UnaryOperator<Snapshot> change) {
		this.snapshot.updateAndGet(change);
		announce();
	}

	void announce() {
		this.announcer.announce();
	}

	private Announcer.News news() {
		Snapshot snapshot = snapshot();
		HeldSvid svid = snapshot.svid();
		return Announcer.News.of(snapshot.stateAt(this.time.now()), (svid != null) ? svid.generation() : 0,
				snapshot.issued().shown(), snapshot.issued().federation().generation());
	}

}
