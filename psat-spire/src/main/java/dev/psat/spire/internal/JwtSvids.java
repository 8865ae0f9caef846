package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.JwtFlights.Flight;
import org.jspecify.annotations.Nullable;

/**
 * Caches JWT-SVIDs by audience. Of simultaneous calls for the same audiences, only one
 * asks the server.
 */
public final class JwtSvids {

	private static final int MOST = 1000;

	/** How long a caller waits in total. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long a caller waits if the cached one would suffice. */
	private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	/** How long a caller waits for another one before it looks what became of it. */
	private static final Duration SLICE = Duration.ofSeconds(1);

	private final Issuer issuer;

	private final Supplier<@Nullable SvidSubject> subject;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	private final Map<Set<String>, Kept> kept = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, Kept> eldest) {
			return size() > MOST;
		}

	});

	private final JwtFlights flights = new JwtFlights();

	/**
	 * Create a cache.
	 * @param issuer requests JWT-SVIDs from the server
	 * @param subject supplies what they are issued for at present, {@code null} if
	 * nothing is known yet
	 * @param state supplies the state
	 * @param unavailable creates an exception from a message and the current status
	 * @param time the current time
	 */
	public JwtSvids(Issuer issuer, Supplier<@Nullable SvidSubject> subject, Supplier<SpireState> state,
			Function<String, SvidUnavailableException> unavailable, Time time) {
		this.issuer = issuer;
		this.subject = subject;
		this.state = state;
		this.unavailable = unavailable;
		this.time = time;
	}

	public JwtSvid get(Set<String> audience) {
		Deadline deadline = Deadline.in(PATIENCE, this.time);
		Kept kept = this.kept.get(audience);
		if (kept == null || !isUsable(kept)) {
			return issue(audience, deadline);
		}
		return kept.isToBeReplaced(this.time) ? replace(audience, kept, deadline) : kept.svid();
	}

	/**
	 * Replace a cached JWT-SVID. Callers that arrive while another one asks the server,
	 * or soon after that has failed, receive the cached one.
	 */
	private JwtSvid replace(Set<String> audience, Kept kept, Deadline deadline) {
		Flight mine = new Flight(Deadline.in(SHORT_PATIENCE, this.time));
		try {
			return (this.flights.join(audience, mine) == null) ? ask(audience, mine).svid() : kept.svid();
		}
		catch (SvidUnavailableException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.kept.replace(audience, kept, kept.failed(this.time));
			}
			if (isUsable(kept)) {
				return kept.svid();
			}
		}
		finally {
			mine.landed = true;
		}
		return issue(audience, deadline);
	}

	private boolean isUsable(Kept kept) {
		return !kept.isExpired(this.time) && kept.subject().equals(this.subject.get());
	}

	private JwtSvid issue(Set<String> audience, Deadline deadline) {
		SvidSubject subject = this.subject.get();
		if (subject != null && subject.singleUse()) {
			// an answer to another caller would be useless
			return issueAlone(audience, deadline);
		}
		while (true) {
			Flight mine = new Flight(deadline);
			try {
				Flight other = this.flights.join(audience, mine);
				if (other == null) {
					return ask(audience, mine).svid();
				}
				Issued answer = join(other, deadline);
				if (answer != null) {
					return (answer.isReusable() && answer.subject().equals(this.subject.get())) ? answer.svid()
							: issueAlone(audience, deadline);
				}
			}
			finally {
				mine.landed = true;
			}
		}
	}

	private JwtSvid issueAlone(Set<String> audience, Deadline deadline) {
		Renewal asked = Renewal.now(this.time);
		return this.issuer.issue(audience, deadline, (late) -> keep(audience, late, asked)).svid();
	}

	private Issued ask(Set<String> audience, Flight mine) {
		Renewal asked = Renewal.now(this.time);
		try {
			Issued issued = this.issuer.issue(audience, mine.deadline, (late) -> keep(audience, late, asked));
			if (issued.isReusable()) {
				this.kept.put(audience, Kept.of(issued, asked));
			}
			this.flights.remove(audience, mine);
			mine.answer.complete(issued);
			return issued;
		}
		catch (RuntimeException | Error ex) {
			this.flights.remove(audience, mine);
			if (Thread.currentThread().isInterrupted() || mine.deadline.isOver()) {
				// does not concern anyone else
				mine.answer.cancel(false);
			}
			mine.answer.completeExceptionally(ex);
			throw ex;
		}
	}

	/**
	 * Keep a JWT-SVID that arrived late, unless a newer one was kept in the meantime.
	 */
	private void keep(Set<String> audience, Issued issued, Renewal asked) {
		if (issued.isReusable()) {
			this.kept.merge(audience, Kept.of(issued, asked),
					(before, now) -> now.svid().issuedAt().isBefore(before.svid().issuedAt()) ? before : now);
		}
	}

	/**
	 * Wait for the answer to another caller, but not for long at a time: that caller may
	 * have ended without one.
	 * @return the answer, {@code null} if it was interrupted, timed out, or ended
	 */
	private @Nullable Issued join(Flight other, Deadline deadline) {
		do {
			try {
				Duration slice = (deadline.left().compareTo(SLICE) < 0) ? deadline.left() : SLICE;
				return other.answer.get(slice.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (CancellationException ex) {
				return null;
			}
			catch (TimeoutException ex) {
				// the loop tells whether to go on
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw interrupted(this.state.get());
			}
			catch (ExecutionException ex) {
				throw ownOf(Objects.requireNonNullElse(ex.getCause(), ex));
			}
		}
		while (!deadline.isOver() && (!other.isOver() || other.answer.isDone()));
		if (deadline.isOver()) {
			throw this.unavailable.apply("No JWT-SVID was obtained in time");
		}
		return null;
	}

	public static SvidUnavailableException interrupted(SpireState state) {
		return new SvidUnavailableException("The wait for a JWT-SVID was interrupted", state,
				"Ask again on a thread that is not interrupted.");
	}

	/**
	 * Return an exception for this thread. A shared instance would have the stack trace
	 * of another thread.
	 */
	private SvidUnavailableException ownOf(Throwable cause) {
		SvidUnavailableException own = (cause instanceof SvidUnavailableException other)
				? new SvidUnavailableException(String.valueOf(other.getMessage()), other.state(), other.advice())
				: this.unavailable.apply("The request for a JWT-SVID failed with " + cause.getClass().getName());
		own.initCause(cause);
		return own;
	}

	/**
	 * Requests JWT-SVIDs from the server.
	 */
	public interface Issuer {

		/**
		 * Request a JWT-SVID.
		 * @param audience the audiences
		 * @param deadline how long to wait
		 * @param late receives one that arrives after that
		 * @return the JWT-SVID
		 * @throws SvidUnavailableException if there is none
		 */
		Issued issue(Set<String> audience, Deadline deadline, Consumer<Issued> late);

	}

	/**
	 * A JWT-SVID as issued by the server.
	 *
	 * @param svid the JWT-SVID
	 * @param subject what it was issued for
	 * @param fresh whether it was issued for the call; an agent also hands out one that
	 * it has had for a while
	 */
	public record Issued(JwtSvid svid, SvidSubject subject, boolean fresh) {

		boolean isReusable() {
			return !this.subject.singleUse();
		}

		/**
		 * Return how much of its life is left. If the clock of this machine says that one
		 * has not been issued yet, or has expired, that clock is off, and tells nothing.
		 */
		Duration left(Instant now) {
			Duration life = Duration.between(this.svid.issuedAt(), this.svid.expiresAt());
			boolean credible = !now.isBefore(this.svid.issuedAt()) && now.isBefore(this.svid.expiresAt());
			return (this.fresh || !credible) ? life : Duration.between(now, this.svid.expiresAt());
		}

	}

	/**
	 * A JWT-SVID in the cache. Its age is measured by both clocks of this machine, as
	 * that of the X.509-SVID: what the server's clock said at the issue of one that is
	 * fresh does not matter.
	 *
	 * @param svid the JWT-SVID
	 * @param subject what it was issued for
	 * @param replacement when it is due to be replaced
	 * @param expiry when it expires
	 * @param backOff the failures to replace it
	 */
	private record Kept(JwtSvid svid, SvidSubject subject, Renewal replacement, Renewal expiry, BackOff backOff) {

		/**
		 * Keep a JWT-SVID.
		 * @param issued the JWT-SVID
		 * @param asked a renewal from the moment in which it was requested, before which
		 * it was not issued
		 * @return the JWT-SVID in the cache
		 */
		static Kept of(JwtSvids.Issued issued, Renewal asked) {
			Duration left = issued.left(asked.at());
			return new Kept(issued.svid(), issued.subject(), asked.later(left.dividedBy(2)), asked.later(left),
					BackOff.NONE);
		}

		Kept failed(Time time) {
			return new Kept(this.svid, this.subject, this.replacement, this.expiry,
					this.backOff.failed(LONGEST_BACK_OFF, time));
		}

		boolean isToBeReplaced(Time time) {
			return this.replacement.isDue(time) && this.backOff.isOver(time);
		}

		boolean isExpired(Time time) {
			return this.expiry.isDue(time);
		}

	}

}
