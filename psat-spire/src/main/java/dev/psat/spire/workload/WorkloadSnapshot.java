package dev.psat.spire.workload;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * The errors of each stream are those since its last message. An X.509-SVID has a
 * withdrawal if the agent has ceased to offer it.
 */
record WorkloadSnapshot(SpireState waiting, @Nullable HeldSvid svid, long svids, OfferedTrust trust,
		@Nullable Integer candidates, @Nullable Renewal withdrawal, SpireStatus.@Nullable LastError lastError,
		SpireStatus.@Nullable LastError jwtError) {

	static WorkloadSnapshot of(List<TrustDomain> federatesWith) {
		return new WorkloadSnapshot(SpireState.STARTING, null, 0, OfferedTrust.of(federatesWith), null, null, null,
				null);
	}

	WorkloadSnapshot waiting(SpireState waiting) {
		return new WorkloadSnapshot(waiting, this.svid, this.svids, this.trust, this.candidates, this.withdrawal,
				this.lastError, this.jwtError);
	}

	WorkloadSnapshot holding(HeldSvid svid, OfferedTrust trust, int candidates) {
		return new WorkloadSnapshot(this.waiting, svid, svid.generation(), trust, candidates, null, null,
				this.jwtError);
	}

	WorkloadSnapshot offered(OfferedTrust trust, int candidates) {
		return new WorkloadSnapshot(SpireState.WAITING_FOR_ENTRY, this.svid, this.svids, trust, candidates,
				this.withdrawal, this.lastError, this.jwtError);
	}

	WorkloadSnapshot keeping(OfferedTrust trust, int candidates) {
		return new WorkloadSnapshot(this.waiting, this.svid, this.svids, trust, candidates, null, this.lastError,
				this.jwtError);
	}

	WorkloadSnapshot with(OfferedTrust trust, SpireStatus.@Nullable LastError jwtError) {
		return new WorkloadSnapshot(this.waiting, this.svid, this.svids, trust, this.candidates, this.withdrawal,
				this.lastError, jwtError);
	}

	WorkloadSnapshot failed(SpireStatus.LastError lastError) {
		return new WorkloadSnapshot(this.waiting, this.svid, this.svids, this.trust, this.candidates, this.withdrawal,
				lastError, this.jwtError);
	}

	/** Unless there is none or that has already been decided. */
	WorkloadSnapshot refused(Renewal withdrawal) {
		return new WorkloadSnapshot(SpireState.WAITING_FOR_ENTRY, this.svid, this.svids, this.trust, this.candidates,
				(this.svid == null) ? null : (this.withdrawal != null) ? this.withdrawal : withdrawal, this.lastError,
				this.jwtError);
	}

	/** Keep nothing that the agent has offered. */
	WorkloadSnapshot withdrawn() {
		return new WorkloadSnapshot(SpireState.WAITING_FOR_ENTRY, null, this.svids, this.trust.withdrawn(),
				this.candidates, null, this.lastError, this.jwtError);
	}

	boolean isInForce(Instant now) {
		return this.svid != null && !now.isAfter(this.svid.svid().expiresAt());
	}

	SpireState stateAt(Instant now) {
		if (this.svid == null) {
			return this.waiting;
		}
		if (!isInForce(now)) {
			return SpireState.EXPIRED;
		}
		return isOverdue(this.svid, now) ? SpireState.RENEWAL_FAILING : SpireState.READY;
	}

	private static boolean isOverdue(HeldSvid svid, Instant now) {
		return !now.isBefore(svid.renewal().at());
	}

	SpireStatus status(String endpoint, Instant now) {
		TrustBundle own = this.trust.own();
		return SpireStatus.builder(stateAt(now))
			.workloadApi(endpoint)
			.trustDomain((own != null) ? own.trustDomain() : null)
			.candidates(this.candidates)
			.svid((this.svid != null) ? this.svid.shown(null) : null)
			.trustBundle((own != null) ? this.trust.shown() : null)
			.federation(this.trust.federation().shown(isInForce(now)))
			.lastError(shownError(now))
			.build();
	}

	/** That no X.509-SVID comes is an error, even though the stream is open. */
	private SpireStatus.@Nullable LastError shownError(Instant now) {
		if (this.lastError != null) {
			return this.lastError;
		}
		VisitException silence = silence(now);
		return (this.svid != null && silence != null) ? silence.toLastError(this.svid.renewal().at()) : this.jwtError;
	}

	/**
	 * {@code null} if no X.509-SVID is overdue, or the stream has failed.
	 */
	@Nullable VisitException silence(Instant now) {
		if (this.svid == null || this.lastError != null || !isOverdue(this.svid, now)) {
			return null;
		}
		X509Svid svid = this.svid.svid();
		return new VisitException(VisitException.OwnReason.NOT_RENEWED,
				"The agent keeps the stream open, but has sent no X.509-SVID since that of %s, which expires at %s"
					.formatted(svid.issuedAt().truncatedTo(ChronoUnit.SECONDS), svid.expiresAt()),
				"Check the log of the SPIRE Agent, and that it reaches its SPIRE Server: an agent that does not goes on "
						+ "serving what it has.");
	}

}
