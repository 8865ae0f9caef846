package dev.psat.spire.server;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Requests JWT-SVIDs on the thread of the caller. If the agent is dead, the application
 * attests at once.
 */
final class JwtSvidIssuer implements JwtSvids.Issuer {

	/** The server reloads its cache every five seconds. */
	private static final Duration NEW_TO_THE_SERVER = Duration.ofSeconds(10);

	private static final Duration ENTRY_PAUSE = Duration.ofMillis(500);

	private final JwtRequests<RunningIdentity> requests;

	private final SpirePublication publication;

	private final Time time;

	JwtSvidIssuer(JwtRequests<RunningIdentity> requests, SpirePublication publication, Time time) {
		this.requests = requests;
		this.publication = publication;
		this.time = time;
	}

	@Override
	public HeldSvid.@Nullable Subject subject() {
		HeldSvid held = this.publication.snapshot().svid();
		return (held != null) ? held.subject() : null;
	}

	@Override
	public JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		for (boolean repeated = false;; repeated = true) {
			RunningIdentity identity = this.requests.run();
			AuthorizedEntry entry = entry(identity, deadline);
			Agent agent = agent(identity, deadline);
			try {
				HeldSvid.Subject subject = SvidKeeper.subject(entry);
				JwtSvid svid = this.requests.make(audience, () -> call(agent, entry, audience, deadline,
						(arrived) -> late.accept(new JwtSvids.Issued(arrived, subject, true))));
				identity.demand().succeeded();
				return new JwtSvids.Issued(svid, subject, true);
			}
			catch (VisitException ex) {
				if (ex.isFor(FailureReason.CANCELLED)) {
					this.requests.checkNotInterrupted();
				}
				if (AgentKeeper.isDeath(ex.failure())) {
					died(identity, agent, ex, repeated);
				}
				// another thread may have replaced the agent, which ends calls in flight
				boolean gone = identity.agents().current() != agent;
				if (!isWorthRepeating(ex, gone && !repeated, agent) || deadline.isOver()) {
					throw refused(ex);
				}
			}
		}
	}

	private static JwtSvid call(Agent agent, AuthorizedEntry entry, Set<String> audience, Deadline deadline,
			Consumer<JwtSvid> late) throws VisitException {
		try {
			return agent.connection().newJwtSvid(entry, audience, deadline.left(), late);
		}
		catch (SpireException ex) {
			throw FailureAdvice.failure(ex, agent.claims());
		}
	}

	@Override
	public JwtSvids.Reach reach(@Nullable Throwable cause) {
		return reachOf(cause);
	}

	static JwtSvids.Reach reachOf(@Nullable Throwable cause) {
		return (cause instanceof SpireException ex) ? switch (ex.reason()) {
			case CANCELLED -> JwtSvids.Reach.NONE;
			case UNREACHABLE, HANDSHAKE_TIMED_OUT, TIMED_OUT, RATE_LIMITED -> JwtSvids.Reach.ALL;
			default -> JwtSvids.Reach.AUDIENCE;
		} : JwtSvids.Reach.NONE;
	}

	private static void died(RunningIdentity identity, Agent agent, VisitException failure, boolean repeated) {
		identity.agents().died(agent, failure);
		if (repeated) {
			identity.demand().failed();
		}
		if (failure.failure() == FailureReason.AGENT_BANNED) {
			// so that the status shows it
			identity.nudge();
		}
	}

	/**
	 * The server may not have learned yet that a new agent is authorized for the entry.
	 */
	private boolean isWorthRepeating(VisitException failure, boolean replaceable, Agent agent) {
		return failure.isFor(FailureReason.ENTRY_NOT_FOUND) ? isNew(agent) && pause()
				: replaceable && !failure.isFor(FailureReason.AGENT_BANNED);
	}

	private boolean isNew(Agent agent) {
		return this.time.nanos() - agent.replacement().receivedAt() < NEW_TO_THE_SERVER.toNanos();
	}

	private boolean pause() {
		try {
			this.time.sleep(ENTRY_PAUSE.toNanos());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private SvidUnavailableException refused(VisitException failure) {
		// the visit that reports a ban has not ended yet
		SpireState state = failure.isFor(FailureReason.AGENT_BANNED) ? SpireState.BANNED : this.requests.state();
		return JwtRequests.refused("The SPIRE Server issued no JWT-SVID", failure, state);
	}

	private AuthorizedEntry entry(RunningIdentity identity, Deadline deadline) {
		Supplier<@Nullable AuthorizedEntry> known = identity::entry;
		AuthorizedEntry entry = isRefusedForGood() ? known.get() : this.requests.first(known, deadline);
		if (entry == null) {
			throw this.requests.unavailable("No JWT-SVID can be obtained before the first X.509-SVID");
		}
		return entry;
	}

	private boolean isRefusedForGood() {
		SpireState state = this.requests.state();
		return state == SpireState.BANNED || state == SpireState.NODE_IDENTITY;
	}

	private Agent agent(RunningIdentity identity, Deadline deadline) {
		boolean refused = isRefusedForGood();
		Agent agent = refused ? identity.agents().current() : identity.demand().agent(deadline);
		if (agent == null && refused) {
			throw this.requests.unavailable("The SPIRE Server does not accept this application as an agent");
		}
		this.requests.checkNotInterrupted();
		this.requests.checkInTime(deadline);
		if (agent == null) {
			throw this.requests.unavailable("There is no agent SVID at the moment");
		}
		return agent;
	}

}
