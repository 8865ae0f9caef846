package dev.psat.spire.workload;

import java.util.Set;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadJwtSvid;
import org.jspecify.annotations.Nullable;

/**
 * Requests JWT-SVIDs on the thread of the caller. Whether they are meant for a single
 * use, the last one tells, since the agent tells nothing of entries.
 */
final class WorkloadJwtIssuer implements JwtSvids.Issuer {

	private final JwtRequests<WorkloadRun> requests;

	private final WorkloadPublication publication;

	private volatile boolean singleUse;

	WorkloadJwtIssuer(JwtRequests<WorkloadRun> requests, WorkloadPublication publication) {
		this.requests = requests;
		this.publication = publication;
	}

	@Override
	public HeldSvid.@Nullable Subject subject() {
		HeldSvid.Subject held = held();
		return (held != null) ? subject(held, this.singleUse) : null;
	}

	private HeldSvid.@Nullable Subject held() {
		HeldSvid held = this.publication.current().svid();
		return (held != null) ? held.subject() : null;
	}

	private static HeldSvid.Subject subject(HeldSvid.Subject held, boolean singleUse) {
		return new HeldSvid.Subject(held.spiffeId(), held.version(), singleUse);
	}

	/** None arrives late. */
	@Override
	public JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		WorkloadRun run = this.requests.run();
		HeldSvid.Subject held = this.requests.first(this::held, deadline);
		if (held == null) {
			throw this.requests.unavailable("No JWT-SVID can be obtained without an X.509-SVID");
		}
		this.requests.checkInTime(deadline);
		try {
			WorkloadJwtSvid issued = this.requests.make(audience, () -> call(run, audience, held, deadline));
			this.singleUse = issued.isSingleUse();
			return new JwtSvids.Issued(issued.svid(), subject(held, issued.isSingleUse()), false);
		}
		catch (VisitException ex) {
			if (ex.isFor(WorkloadFailureReason.CANCELLED)) {
				this.requests.checkNotInterrupted();
			}
			throw JwtRequests.refused("The agent issued no JWT-SVID", ex, this.requests.state());
		}
	}

	private static WorkloadJwtSvid call(WorkloadRun run, Set<String> audience, HeldSvid.Subject held, Deadline deadline)
			throws VisitException {
		try {
			return run.calls().jwtSvids(audience, held.spiffeId(), deadline.left()).get(0);
		}
		catch (WorkloadException ex) {
			throw WorkloadAdvice.failure(ex);
		}
	}

	@Override
	public JwtSvids.Reach reach(@Nullable Throwable cause) {
		return (cause instanceof WorkloadException ex) ? switch (ex.reason()) {
			case CANCELLED -> JwtSvids.Reach.NONE;
			case SOCKET_MISSING, DIRECTORY_MISSING, SOCKET_NOT_PERMITTED, NOT_A_SOCKET, NOBODY_LISTENS, UNREACHABLE,
					TIMED_OUT, UNAVAILABLE, UNIMPLEMENTED ->
				JwtSvids.Reach.ALL;
			default -> JwtSvids.Reach.AUDIENCE;
		} : JwtSvids.Reach.NONE;
	}

}
