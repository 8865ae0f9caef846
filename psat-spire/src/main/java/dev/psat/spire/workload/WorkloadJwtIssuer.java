package dev.psat.spire.workload;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.Deadline;
import dev.psat.spire.internal.JwtRefusals;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.SvidSubject;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadJwtSvid;
import org.jspecify.annotations.Nullable;

/**
 * Requests JWT-SVIDs from the agent, on the thread of the caller. Whether they are meant
 * for a single use, the last one tells, since the agent tells nothing of entries.
 */
final class WorkloadJwtIssuer {

	private final Supplier<@Nullable WorkloadRun> run;

	private final Supplier<@Nullable SvidSubject> held;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Outcomes outcomes;

	private final Time time;

	private volatile boolean singleUse;

	/**
	 * Create an issuer.
	 * @param run supplies what runs, {@code null} while stopped
	 * @param held supplies what the X.509-SVID was issued for, {@code null} if there is
	 * none
	 * @param state supplies the state
	 * @param unavailable creates an exception from a message and the current status
	 * @param outcomes is notified of outcomes
	 * @param time the current time
	 */
	WorkloadJwtIssuer(Supplier<@Nullable WorkloadRun> run, Supplier<@Nullable SvidSubject> held,
			Supplier<SpireState> state, Function<String, SvidUnavailableException> unavailable, Outcomes outcomes,
			Time time) {
		this.run = run;
		this.held = held;
		this.state = state;
		this.unavailable = unavailable;
		this.outcomes = outcomes;
		this.time = time;
	}

	/**
	 * Return what JWT-SVIDs are issued for at present.
	 * @return the subject, {@code null} if there is no X.509-SVID
	 */
	@Nullable SvidSubject subject() {
		SvidSubject held = this.held.get();
		return (held != null) ? subject(held, this.singleUse) : null;
	}

	private static SvidSubject subject(SvidSubject held, boolean singleUse) {
		return new SvidSubject(held.spiffeId(), held.version(), singleUse);
	}

	/**
	 * Request a JWT-SVID.
	 * @param audience the audiences
	 * @param deadline how long to wait in total
	 * @return the JWT-SVID
	 * @throws SvidUnavailableException if there is none
	 */
	JwtSvids.Issued issue(Set<String> audience, Deadline deadline) {
		WorkloadRun run = this.run.get();
		if (run == null) {
			throw this.unavailable.apply("No JWT-SVID can be obtained");
		}
		SvidSubject held = held(run, deadline);
		if (deadline.isOver()) {
			throw this.unavailable.apply("No JWT-SVID was obtained in time");
		}
		long began = this.time.nanos();
		try {
			WorkloadJwtSvid issued = this.outcomes.observed(Outcomes.jwtSvid(audience),
					() -> call(run, audience, held, deadline));
			this.outcomes.jwtSvidRequested(null, since(began));
			this.singleUse = issued.isSingleUse();
			return new JwtSvids.Issued(issued.svid(), subject(held, issued.isSingleUse()), false);
		}
		catch (VisitException ex) {
			this.outcomes.jwtSvidRequested(ex, since(began));
			if (ex.isFor(WorkloadFailureReason.CANCELLED)) {
				checkNotInterrupted();
			}
			SvidUnavailableException refused = new SvidUnavailableException(
					"The agent issued no JWT-SVID: " + ex.getMessage(), this.state.get(), ex.advice());
			refused.initCause(ex.getCause());
			throw refused;
		}
	}

	private static WorkloadJwtSvid call(WorkloadRun run, Set<String> audience, SvidSubject held, Deadline deadline)
			throws VisitException {
		try {
			return run.calls().jwtSvids(audience, held.spiffeId(), deadline.left()).get(0);
		}
		catch (WorkloadException ex) {
			throw WorkloadAdvice.failure(ex);
		}
	}

	/**
	 * Return what the X.509-SVID was issued for, and wait for the first one.
	 */
	private SvidSubject held(WorkloadRun run, Deadline deadline) {
		SvidSubject held = this.held.get();
		if (held == null) {
			deadline.await(run.served());
			checkNotInterrupted();
			held = this.held.get();
		}
		if (held == null) {
			throw this.unavailable.apply("No JWT-SVID can be obtained without an X.509-SVID");
		}
		return held;
	}

	/**
	 * Return how far a refusal reaches.
	 * @param cause the cause of the exception
	 * @return the reach, {@code null} if the agent was not asked, or not to the end
	 */
	static JwtRefusals.@Nullable Reach reach(@Nullable Throwable cause) {
		return (cause instanceof WorkloadException ex) ? switch (ex.reason()) {
			case CANCELLED -> null;
			case SOCKET_MISSING, DIRECTORY_MISSING, SOCKET_NOT_PERMITTED, NOT_A_SOCKET, NOBODY_LISTENS, UNREACHABLE ->
				JwtRefusals.Reach.UNTIL_REACHED;
			case TIMED_OUT, UNAVAILABLE, UNIMPLEMENTED -> JwtRefusals.Reach.ALL;
			default -> JwtRefusals.Reach.AUDIENCE;
		} : null;
	}

	private Duration since(long began) {
		return Duration.ofNanos(this.time.nanos() - began);
	}

	private void checkNotInterrupted() {
		if (Thread.currentThread().isInterrupted()) {
			throw JwtSvids.interrupted(this.state.get());
		}
	}

}
