package dev.psat.spire.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Deadline;
import dev.psat.spire.internal.JwtRefusals;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.SvidSubject;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Requests JWT-SVIDs from the server, on the thread of the caller. If the agent is dead,
 * the application attests at once.
 */
final class JwtSvidIssuer {

	/** The server reloads its cache every five seconds. */
	private static final Duration NEW_TO_THE_SERVER = Duration.ofSeconds(10);

	private static final Duration ENTRY_PAUSE = Duration.ofMillis(500);

	private final Supplier<@Nullable RunningIdentity> identity;

	private final Supplier<@Nullable AuthorizedEntry> entry;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Outcomes outcomes;

	private final Time time;

	/**
	 * Create an issuer.
	 * @param identity supplies the identity that runs, {@code null} while stopped
	 * @param entry supplies the entry of the X.509-SVID, {@code null} if there is none
	 * @param state supplies the state
	 * @param unavailable creates an exception from a message and the current status
	 * @param outcomes is notified of outcomes
	 * @param time the current time
	 */
	JwtSvidIssuer(Supplier<@Nullable RunningIdentity> identity, Supplier<@Nullable AuthorizedEntry> entry,
			Supplier<SpireState> state, Function<String, SvidUnavailableException> unavailable, Outcomes outcomes,
			Time time) {
		this.identity = identity;
		this.entry = entry;
		this.state = state;
		this.unavailable = unavailable;
		this.outcomes = outcomes;
		this.time = time;
	}

	/**
	 * Request a JWT-SVID.
	 * @param audience the audiences
	 * @param deadline how long to wait in total
	 * @param late receives one that arrives after that
	 * @return the JWT-SVID
	 * @throws SvidUnavailableException if there is none
	 */
	JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		for (boolean repeated = false;; repeated = true) {
			RunningIdentity identity = this.identity.get();
			if (identity == null) {
				throw this.unavailable.apply("No JWT-SVID can be obtained");
			}
			AuthorizedEntry entry = entry(identity, deadline);
			Agent agent = agent(identity, deadline);
			long began = this.time.nanos();
			try {
				SvidSubject subject = SvidKeeper.subject(entry);
				JwtSvid svid = this.outcomes.observed(Outcomes.jwtSvid(audience),
						() -> agent.connection()
							.newJwtSvid(entry, audience, deadline.left(),
									(arrived) -> late.accept(new JwtSvids.Issued(arrived, subject, true))));
				this.outcomes.jwtSvidRequested(null, since(began));
				identity.demand().succeeded();
				return new JwtSvids.Issued(svid, subject, true);
			}
			catch (SpireException ex) {
				VisitException failure = FailureAdvice.failure(ex, agent.claims());
				this.outcomes.jwtSvidRequested(failure, since(began));
				if (ex.reason() == FailureReason.CANCELLED) {
					checkNotInterrupted();
				}
				if (AgentKeeper.isDeath(ex.reason())) {
					died(identity, agent, failure, repeated);
				}
				// another thread may have replaced the agent, which ends calls in flight
				boolean gone = identity.agents().current() != agent;
				if (!isWorthRepeating(ex.reason(), gone && !repeated, agent) || deadline.isOver()) {
					throw refused(failure, ex);
				}
			}
		}
	}

	/**
	 * Return how far a refusal reaches.
	 * @param cause the cause of the exception
	 * @return the reach, {@code null} if the server was not asked, or not to the end
	 */
	static JwtRefusals.@Nullable Reach reach(@Nullable Throwable cause) {
		return (cause instanceof SpireException ex) ? switch (ex.reason()) {
			case CANCELLED -> null;
			case UNREACHABLE, HANDSHAKE_TIMED_OUT -> JwtRefusals.Reach.UNTIL_REACHED;
			case TIMED_OUT, RATE_LIMITED -> JwtRefusals.Reach.ALL;
			default -> JwtRefusals.Reach.AUDIENCE;
		} : null;
	}

	private Duration since(long began) {
		return Duration.ofNanos(this.time.nanos() - began);
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
	 * Return whether to repeat a call. If the server does not find the entry, it may not
	 * have learned yet that a new agent is authorized for it.
	 */
	private boolean isWorthRepeating(FailureReason reason, boolean replaceable, Agent agent) {
		return (reason == FailureReason.ENTRY_NOT_FOUND) ? isNew(agent) && pause()
				: replaceable && reason != FailureReason.AGENT_BANNED;
	}

	private boolean isNew(Agent agent) {
		return this.time.nanos() - agent.replacement().receivedAt() < NEW_TO_THE_SERVER.toNanos();
	}

	private static boolean pause() {
		try {
			TimeUnit.NANOSECONDS.sleep(ENTRY_PAUSE.toNanos());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private SvidUnavailableException refused(VisitException failure, SpireException cause) {
		// the visit that reports a ban has not ended yet
		SpireState state = (failure.failure() == FailureReason.AGENT_BANNED) ? SpireState.BANNED : this.state.get();
		SvidUnavailableException refused = new SvidUnavailableException(
				"The SPIRE Server issued no JWT-SVID: " + failure.getMessage(), state, failure.advice());
		refused.initCause(cause);
		return refused;
	}

	/**
	 * Return the entry, which the X.509-SVID determines, and wait for the first one.
	 */
	private AuthorizedEntry entry(RunningIdentity identity, Deadline deadline) {
		AuthorizedEntry entry = this.entry.get();
		if (entry == null && !isRefusedForGood()) {
			deadline.await(identity.served());
			checkNotInterrupted();
			entry = this.entry.get();
		}
		if (entry == null) {
			throw this.unavailable.apply("No JWT-SVID can be obtained before the first X.509-SVID");
		}
		return entry;
	}

	private boolean isRefusedForGood() {
		SpireState state = this.state.get();
		return state == SpireState.BANNED || state == SpireState.NODE_IDENTITY;
	}

	private Agent agent(RunningIdentity identity, Deadline deadline) {
		boolean refused = isRefusedForGood();
		Agent agent = refused ? identity.agents().current() : identity.demand().agent(deadline);
		if (agent == null && refused) {
			throw this.unavailable.apply("The SPIRE Server does not accept this application as an agent");
		}
		checkNotInterrupted();
		if (deadline.isOver()) {
			throw this.unavailable.apply("No JWT-SVID was obtained in time");
		}
		if (agent == null) {
			throw this.unavailable.apply("There is no agent SVID at the moment");
		}
		return agent;
	}

	private void checkNotInterrupted() {
		if (Thread.currentThread().isInterrupted()) {
			throw JwtSvids.interrupted(this.state.get());
		}
	}

}
