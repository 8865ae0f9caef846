package dev.psat.spire.internal;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/** What requests for JWT-SVIDs have in common, whoever issues them. */
public final class JwtRequests<R extends LateStart.Run> {

	private final Supplier<ServedIdentity.@Nullable Session<R>> current;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Outcomes outcomes;

	JwtRequests(Supplier<ServedIdentity.@Nullable Session<R>> current, Supplier<SpireState> state,
			Function<String, SvidUnavailableException> unavailable, Outcomes outcomes) {
		this.current = current;
		this.state = state;
		this.unavailable = unavailable;
		this.outcomes = outcomes;
	}

	public R run() {
		return session().run();
	}

	private ServedIdentity.Session<R> session() {
		ServedIdentity.Session<R> session = this.current.get();
		if (session == null) {
			throw unavailable("No JWT-SVID can be obtained");
		}
		return session;
	}

	/** Wait for what comes with the first X.509-SVID. */
	public <T> @Nullable T first(Supplier<@Nullable T> known, Deadline deadline) {
		T value = known.get();
		if (value == null) {
			deadline.await(session().served());
			checkNotInterrupted();
			value = known.get();
		}
		return value;
	}

	public <T> T make(Collection<String> audience, Outcomes.Call<T, VisitException> call) throws VisitException {
		return this.outcomes.observed(Outcomes.jwtSvid(audience), call);
	}

	public void checkInTime(Deadline deadline) {
		if (deadline.isOver()) {
			throw unavailable("No JWT-SVID was obtained in time");
		}
	}

	public void checkNotInterrupted() {
		if (Thread.currentThread().isInterrupted()) {
			throw JwtSvids.interrupted(this.state.get());
		}
	}

	public SpireState state() {
		return this.state.get();
	}

	public SvidUnavailableException unavailable(String message) {
		return this.unavailable.apply(message);
	}

	public static SvidUnavailableException refused(String message, VisitException failure, SpireState state) {
		SvidUnavailableException refused = new SvidUnavailableException(message + ": " + failure.getMessage(), state,
				failure.advice());
		refused.initCause(failure.getCause());
		return refused;
	}

}
