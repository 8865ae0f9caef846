package dev.psat.spire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.SpireException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server for JWT-SVIDs, on the thread that wants one. Where the agent is dead,
 * that is a reason to attest at once.
 */
final class JwtSvidIssuer {

	/** Beside the timeout of the call itself, 30 seconds in all. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration ENTRY_PAUSE = Duration.ofMillis(500);

	private final Supplier<@Nullable Residence> residence;

	private final Supplier<@Nullable HeldSvid> svid;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	/**
	 * Create an issuer.
	 * @param residence gives the present residence, {@code null} while stopped
	 * @param svid gives the X.509-SVID in memory, {@code null} if there is none
	 * @param state gives the state
	 * @param unavailable makes an exception of a message and of what is known
	 * @param time the present
	 */
	JwtSvidIssuer(Supplier<@Nullable Residence> residence, Supplier<@Nullable HeldSvid> svid,
			Supplier<SpireState> state, Function<String, SvidUnavailableException> unavailable, Time time) {
		this.residence = residence;
		this.svid = svid;
		this.state = state;
		this.unavailable = unavailable;
		this.time = time;
	}

	JwtSvids.Issued issue(Set<String> audience) {
		long deadline = this.time.nanos() + PATIENCE.toNanos();
		for (boolean repeated = false;; repeated = true) {
			HeldSvid held = this.svid.get();
			Residence residence = this.residence.get();
			if (residence == null || held == null) {
				throw this.unavailable.apply("No JWT-SVID can be obtained");
			}
			Agent agent = agent(residence, deadline);
			try {
				JwtSvid svid = agent.connection().newJwtSvid(held.entry(), audience);
				return new JwtSvids.Issued(svid, !held.entry().jwtSvidIncludesJti());
			}
			catch (SpireException ex) {
				VisitException failure = new VisitException(ex, FailureAdvice.of(ex.reason(), agent.claims()));
				if (AgentKeeper.isDeath(ex.reason())) {
					residence.agents().died(agent, failure);
				}
				// another thread may have replaced the agent, which ends its calls
				boolean gone = residence.agents().current() != agent;
				if (!isWorthRepeating(ex.reason(), gone && !repeated, deadline)) {
					throw refused(failure);
				}
			}
		}
	}

	/**
	 * The entry that the server does not find may be one that it does not know of a new
	 * agent yet.
	 */
	private boolean isWorthRepeating(FailureReason reason, boolean replaceable, long deadline) {
		return (reason == FailureReason.ENTRY_NOT_FOUND) ? pause(deadline)
				: replaceable && reason != FailureReason.AGENT_BANNED;
	}

	private boolean pause(long deadline) {
		try {
			TimeUnit.NANOSECONDS.sleep(ENTRY_PAUSE.toNanos());
			return this.time.nanos() < deadline;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private SvidUnavailableException refused(VisitException failure) {
		// a ban is in the status from the next visit on
		SpireState state = (failure.failure() == FailureReason.AGENT_BANNED) ? SpireState.BANNED : this.state.get();
		return new SvidUnavailableException("The SPIRE Server issued no JWT-SVID: " + failure.getMessage(), state,
				failure.advice());
	}

	private Agent agent(Residence residence, long deadline) {
		Agent agent = residence.agents().current();
		if (agent == null) {
			await(residence.want(), deadline);
			agent = residence.agents().current();
		}
		if (agent == null) {
			throw this.unavailable.apply("The SPIRE Server does not accept this application as an agent");
		}
		return agent;
	}

	private void await(Future<Void> visit, long deadline) {
		try {
			visit.get(deadline - this.time.nanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// what is known has to do
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
