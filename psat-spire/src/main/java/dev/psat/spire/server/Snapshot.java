package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import org.jspecify.annotations.Nullable;

record Snapshot(Course course, Agent agent, Issued issued) {

	static final Snapshot EMPTY = new Snapshot(new Course(Phase.STARTING, null, null, null),
			new Agent(null, false, null), new Issued(null, null, null, null, Federation.NONE));

	Snapshot in(Phase phase) {
		return with(new Course(phase, this.course.verdict, this.course.conflict, this.course.lastError));
	}

	Snapshot judged(Verdict verdict) {
		return with(new Course(this.course.phase, verdict, this.course.conflict, this.course.lastError));
	}

	Snapshot inConflict(SpireStatus.@Nullable LastError conflict) {
		return with(new Course(this.course.phase, this.course.verdict, conflict, this.course.lastError));
	}

	Snapshot after(SpireStatus.@Nullable LastError lastError) {
		return with(new Course(this.course.phase, this.course.verdict, this.course.conflict, lastError));
	}

	Snapshot attested(X509Svid agent, Duration clockSkew) {
		// another attestation does not end a conflict
		return new Snapshot(new Course(Phase.ATTESTING, null, this.course.conflict, this.course.lastError),
				new Agent(agent, true, clockSkew), this.issued);
	}

	Snapshot withoutAgent() {
		// without one, start over
		Phase phase = (this.course.phase == Phase.WAITING_FOR_ENTRY) ? Phase.ATTESTING : this.course.phase;
		return new Snapshot(this.course, new Agent(this.agent.svid, false, this.agent.clockSkew), this.issued)
			.in(phase);
	}

	Snapshot holding(HeldSvid svid) {
		return with(new Issued(svid, this.issued.candidates, this.issued.bundle, this.issued.shown,
				this.issued.federation));
	}

	Snapshot with(int candidates) {
		return with(new Issued(this.issued.svid, candidates, this.issued.bundle, this.issued.shown,
				this.issued.federation));
	}

	Snapshot trusting(TrustBundle bundle, SpireStatus.Bundle shown) {
		return with(new Issued(this.issued.svid, this.issued.candidates, bundle, shown, this.issued.federation));
	}

	Snapshot federating(Federation federation) {
		return with(new Issued(this.issued.svid, this.issued.candidates, this.issued.bundle, this.issued.shown,
				federation));
	}

	private Snapshot with(Course course) {
		return new Snapshot(course, this.agent, this.issued);
	}

	private Snapshot with(Issued issued) {
		return new Snapshot(this.course, this.agent, issued);
	}

	@Nullable HeldSvid svid() {
		return this.issued.svid;
	}

	@Nullable SpiffeId agentId() {
		return (this.agent.svid != null) ? this.agent.svid.spiffeId() : null;
	}

	boolean isInForce(Instant now) {
		return this.issued.svid != null && !now.isAfter(this.issued.svid.svid().expiresAt());
	}

	SpireStatus status(ServerDoor.Settings settings, Instant now) {
		return SpireStatus.builder(stateAt(now))
			.server(settings.server().toString())
			.trustDomain(settings.trustDomain())
			.agentId(agentId())
			.agentExpiresAt((this.agent.svid != null && this.agent.accepted) ? this.agent.svid.expiresAt() : null)
			.candidates(this.issued.candidates)
			.svid((this.issued.svid != null) ? this.issued.svid.shown() : null)
			.trustBundle(this.issued.shown)
			.federation(this.issued.federation.shown(isInForce(now)))
			.clockSkew(this.agent.clockSkew)
			.lastError(shownError())
			.build();
	}

	/** A conflict is shown even though its visits succeed, since it needs attention. */
	SpireStatus.@Nullable LastError shownError() {
		return (this.course.lastError != null) ? this.course.lastError : this.course.conflict;
	}

	SpireState stateAt(Instant now) {
		if (this.course.verdict == Verdict.BANNED) {
			return SpireState.BANNED;
		}
		if (this.course.verdict == Verdict.NODE_IDENTITY) {
			return SpireState.NODE_IDENTITY;
		}
		if (this.issued.svid == null) {
			return this.course.phase.state();
		}
		if (!isInForce(now)) {
			return SpireState.EXPIRED;
		}
		if (this.course.conflict != null) {
			return SpireState.CONTESTED;
		}
		return (this.course.lastError != null && !now.isBefore(this.issued.svid.renewal().at()))
				? SpireState.RENEWAL_FAILING : SpireState.READY;
	}

	/**
	 * The way to an X.509-SVID, with the verdict that stands and the last eviction of a
	 * conflict.
	 */
	record Course(Phase phase, @Nullable Verdict verdict, SpireStatus.@Nullable LastError conflict,
			SpireStatus.@Nullable LastError lastError) {

	}

	/**
	 * Who this application is to the server, and whether that is accepted, as far as
	 * known.
	 */
	record Agent(@Nullable X509Svid svid, boolean accepted, @Nullable Duration clockSkew) {

	}

	record Issued(@Nullable HeldSvid svid, @Nullable Integer candidates, @Nullable TrustBundle bundle,
			SpireStatus.@Nullable Bundle shown, Federation federation) {

	}

	enum Phase {

		STARTING(SpireState.STARTING), ATTESTING(SpireState.ATTESTING),

		WAITING_FOR_ENTRY(SpireState.WAITING_FOR_ENTRY);

		private final SpireState state;

		Phase(SpireState state) {
			this.state = state;
		}

		SpireState state() {
			return this.state;
		}

	}

	/** They stand until the next one. */
	enum Verdict {

		BANNED, NODE_IDENTITY

	}

}
