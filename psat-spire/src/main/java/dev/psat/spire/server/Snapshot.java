package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of the identity.
 *
 * @param phase the progress towards the first SVID
 * @param verdict the server's standing verdict on this agent, {@code null} if there is
 * none
 * @param conflict the last eviction, {@code null} unless another process keeps attesting
 * with the same agent ID
 * @param agent the latest agent SVID, {@code null} if there was none
 * @param accepted whether the server still accepts it, as far as known
 * @param svid the X.509-SVID, {@code null} if there was none yet
 * @param candidates how many IDs this pod could obtain, {@code null} before the first
 * answer
 * @param bundle the trust bundle, {@code null} if none has been read yet
 * @param federation what is known of each configured trust domain
 * @param clockSkew how far the server's clock is ahead, {@code null} if unknown
 * @param lastError the last error since the last complete visit, {@code null} if there is
 * none
 */
record Snapshot(Phase phase, @Nullable Verdict verdict, SpireStatus.@Nullable LastError conflict,
		@Nullable X509Svid agent, boolean accepted, @Nullable HeldSvid svid, @Nullable Integer candidates,
		SpireStatus.@Nullable Bundle bundle, Federation federation, @Nullable Duration clockSkew,
		SpireStatus.@Nullable LastError lastError) {

	static final Snapshot EMPTY = new Snapshot(Phase.STARTING, null, null, null, false, null, null, null,
			Federation.NONE, null, null);

	Snapshot in(Phase phase) {
		return new Snapshot(phase, this.verdict, this.conflict, this.agent, this.accepted, this.svid, this.candidates,
				this.bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot judged(Verdict verdict) {
		return new Snapshot(this.phase, verdict, this.conflict, this.agent, this.accepted, this.svid, this.candidates,
				this.bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot inConflict(SpireStatus.@Nullable LastError conflict) {
		return new Snapshot(this.phase, this.verdict, conflict, this.agent, this.accepted, this.svid, this.candidates,
				this.bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot attested(X509Svid agent, Duration clockSkew) {
		// another attestation does not end a conflict
		return new Snapshot(Phase.ATTESTING, null, this.conflict, agent, true, this.svid, this.candidates, this.bundle,
				this.federation, clockSkew, this.lastError);
	}

	Snapshot holding(HeldSvid svid) {
		return new Snapshot(this.phase, this.verdict, this.conflict, this.agent, this.accepted, svid, this.candidates,
				this.bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot with(int candidates) {
		return new Snapshot(this.phase, this.verdict, this.conflict, this.agent, this.accepted, this.svid, candidates,
				this.bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot trusting(SpireStatus.Bundle bundle) {
		return new Snapshot(this.phase, this.verdict, this.conflict, this.agent, this.accepted, this.svid,
				this.candidates, bundle, this.federation, this.clockSkew, this.lastError);
	}

	Snapshot federating(Federation federation) {
		return new Snapshot(this.phase, this.verdict, this.conflict, this.agent, this.accepted, this.svid,
				this.candidates, this.bundle, federation, this.clockSkew, this.lastError);
	}

	Snapshot after(SpireStatus.@Nullable LastError lastError) {
		return new Snapshot(this.phase, this.verdict, this.conflict, this.agent, this.accepted, this.svid,
				this.candidates, this.bundle, this.federation, this.clockSkew, lastError);
	}

	/**
	 * Without an agent, start over.
	 */
	Snapshot withoutAgent() {
		return new Snapshot((this.phase == Phase.WAITING_FOR_ENTRY) ? Phase.ATTESTING : this.phase, this.verdict,
				this.conflict, this.agent, false, this.svid, this.candidates, this.bundle, this.federation,
				this.clockSkew, this.lastError);
	}

	@Nullable SpiffeId agentId() {
		return (this.agent != null) ? this.agent.spiffeId() : null;
	}

	boolean isInForce(Instant now) {
		return this.svid != null && !now.isAfter(this.svid.svid().expiresAt());
	}

	SpireStatus status(Settings settings, Instant now) {
		return SpireStatus.builder(stateAt(now))
			.server(settings.server().toString())
			.trustDomain(settings.trustDomain())
			.agentId(agentId())
			.agentExpiresAt((this.agent != null && this.accepted) ? this.agent.expiresAt() : null)
			.candidates(this.candidates)
			.svid((this.svid != null) ? this.svid.shown() : null)
			.trustBundle(this.bundle)
			.federation(this.federation.shown(isInForce(now)))
			.clockSkew(this.clockSkew)
			.lastError(shownError())
			.build();
	}

	/**
	 * Return the last error. A conflict is shown even though its visits succeed, since it
	 * needs attention.
	 */
	SpireStatus.@Nullable LastError shownError() {
		return (this.lastError != null) ? this.lastError : this.conflict;
	}

	SpireState stateAt(Instant now) {
		if (this.verdict == Verdict.BANNED) {
			return SpireState.BANNED;
		}
		if (this.verdict == Verdict.NODE_IDENTITY) {
			return SpireState.NODE_IDENTITY;
		}
		if (this.svid == null) {
			return this.phase.state();
		}
		if (!isInForce(now)) {
			return SpireState.EXPIRED;
		}
		if (this.conflict != null) {
			return SpireState.CONTESTED;
		}
		return (this.lastError != null && !now.isBefore(this.svid.renewal().at())) ? SpireState.RENEWAL_FAILING
				: SpireState.READY;
	}

	/**
	 * Progress towards the first SVID.
	 */
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

	/**
	 * Verdicts of the server that stand until the next one.
	 */
	enum Verdict {

		BANNED, NODE_IDENTITY

	}

}
