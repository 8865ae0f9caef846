package dev.psat.spire.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the answers to requests for JWT-SVIDs by audience: the last JWT-SVID, the call
 * that asks for another one, which simultaneous callers share, and for a while the last
 * refusal, so that an application that asks for each of its requests does not flood
 * whoever fails.
 */
public final class JwtSvids implements SpireObserver {

	private static final int MOST = 1000;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long a caller waits if the cached one would suffice. */
	private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

	private static final Duration SLICE = Duration.ofSeconds(1);

	private final Issuer issuer;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	private final Map<Set<String>, Answers> answers = new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, Answers> eldest) {
			return size() > MOST;
		}

	};

	private @Nullable JwtRefusal refusalOfAll;

	public JwtSvids(Issuer issuer, Supplier<SpireState> state, Function<String, SvidUnavailableException> unavailable,
			Time time) {
		this.issuer = issuer;
		this.state = state;
		this.unavailable = unavailable;
		this.time = time;
	}

	public JwtSvid get(Set<String> audience) {
		Deadline deadline = Deadline.in(PATIENCE, this.time);
		CachedJwtSvid cached = cached(audience);
		if (cached == null) {
			return obtain(audience, deadline);
		}
		return cached.isToBeReplaced(this.time) ? replace(audience, cached, deadline) : cached.svid();
	}

	/**
	 * Callers that arrive while another one asks, or soon after that has failed, receive
	 * the cached one.
	 */
	private JwtSvid replace(Set<String> audience, CachedJwtSvid cached, Deadline deadline) {
		if (standing(audience) != null) {
			return cached.svid();
		}
		Flight mine = new Flight(Deadline.in(SHORT_PATIENCE, this.time));
		if (join(audience, mine) != mine) {
			return cached.svid();
		}
		try {
			return ask(audience, mine).svid();
		}
		catch (SvidUnavailableException ex) {
			CachedJwtSvid usable = cached(audience);
			return (usable != null) ? usable.svid() : obtain(audience, deadline);
		}
	}

	private JwtSvid obtain(Set<String> audience, Deadline deadline) {
		HeldSvid.Subject subject = this.issuer.subject();
		if (subject != null && subject.singleUse()) {
			// an answer to another caller would be useless
			return request(audience, deadline).svid();
		}
		while (true) {
			Flight mine = new Flight(deadline);
			Flight flight = join(audience, mine);
			if (flight == mine) {
				return ask(audience, mine).svid();
			}
			Issued answer = await(flight, deadline);
			if (answer != null) {
				return (answer.isReusable() && answer.subject().equals(this.issuer.subject())) ? answer.svid()
						: request(audience, deadline).svid();
			}
		}
	}

	/**
	 * Join the call that asks for the same audiences, if an answer is to be expected from
	 * it.
	 */
	private Flight join(Set<String> audience, Flight mine) {
		synchronized (this.answers) {
			Answers answers = answers(audience);
			Flight other = answers.flight;
			if (other == null || other.deadline.isOver()) {
				answers.flight = mine;
			}
			return Objects.requireNonNull(answers.flight);
		}
	}

	private Issued ask(Set<String> audience, Flight mine) {
		try {
			Issued issued = request(audience, mine.deadline);
			land(audience, mine);
			mine.answer.complete(issued);
			return issued;
		}
		catch (RuntimeException | Error ex) {
			land(audience, mine);
			if (Thread.currentThread().isInterrupted() || mine.deadline.isOver()) {
				// does not concern anyone else
				mine.answer.cancel(false);
			}
			mine.answer.completeExceptionally(ex);
			throw ex;
		}
	}

	private void land(Set<String> audience, Flight mine) {
		synchronized (this.answers) {
			Answers answers = this.answers.get(audience);
			if (answers != null && answers.flight == mine) {
				answers.flight = null;
			}
		}
	}

	private Issued request(Set<String> audience, Deadline deadline) {
		JwtRefusal standing = standing(audience);
		if (standing != null) {
			throw standing.exception();
		}
		Renewal asked = Renewal.now(this.time);
		try {
			Issued issued = this.issuer.issue(audience, deadline, (late) -> issued(audience, late, asked, true));
			issued(audience, issued, asked, false);
			return issued;
		}
		catch (SvidUnavailableException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				failed(audience, deadline.isOver() ? Reach.NONE : this.issuer.reach(ex.getCause()), ex, asked);
			}
			throw ex;
		}
	}

	/** Unless it has arrived late and a newer one was kept in the meantime. */
	private void issued(Set<String> audience, Issued issued, Renewal asked, boolean late) {
		forgetRefusals();
		synchronized (this.answers) {
			Answers answers = answers(audience);
			boolean older = answers.cached != null
					&& issued.svid().issuedAt().isBefore(answers.cached.svid().issuedAt());
			if (issued.isReusable() && !(late && older)) {
				answers.cached = CachedJwtSvid.of(issued, asked);
			}
		}
	}

	private void failed(Set<String> audience, Reach reach, SvidUnavailableException ex, Renewal asked) {
		synchronized (this.answers) {
			Answers answers = answers(audience);
			if (answers.cached != null) {
				answers.cached = answers.cached.failed(this.time);
			}
			if (reach == Reach.AUDIENCE) {
				answers.refusal = JwtRefusal.after(answers.refusal, ex, asked.receivedAt(), this.time);
			}
			else if (reach == Reach.ALL) {
				this.refusalOfAll = JwtRefusal.after(this.refusalOfAll, ex, asked.receivedAt(), this.time);
			}
		}
	}

	private @Nullable JwtRefusal standing(Set<String> audience) {
		synchronized (this.answers) {
			JwtRefusal ofAll = this.refusalOfAll;
			JwtRefusal refusal = (ofAll != null && ofAll.stands(this.time)) ? ofAll : answers(audience).refusal;
			return (refusal != null && refusal.stands(this.time)) ? refusal : null;
		}
	}

	private @Nullable CachedJwtSvid cached(Set<String> audience) {
		synchronized (this.answers) {
			CachedJwtSvid cached = answers(audience).cached;
			return (cached != null && cached.isUsable(this.issuer.subject(), this.time)) ? cached : null;
		}
	}

	private Answers answers(Set<String> audience) {
		return this.answers.computeIfAbsent(audience, (any) -> new Answers());
	}

	private @Nullable Issued await(Flight other, Deadline deadline) {
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
		while (!deadline.isOver() && !other.deadline.isOver());
		if (deadline.isOver()) {
			throw this.unavailable.apply("No JWT-SVID was obtained in time");
		}
		return null;
	}

	public static SvidUnavailableException interrupted(SpireState state) {
		return new SvidUnavailableException("The wait for a JWT-SVID was interrupted", state,
				"Ask again on a thread that is not interrupted.");
	}

	/** A shared instance would have the stack trace of another thread. */
	private SvidUnavailableException ownOf(Throwable cause) {
		SvidUnavailableException own = (cause instanceof SvidUnavailableException other)
				? new SvidUnavailableException(String.valueOf(other.getMessage()), other.state(), other.advice())
				: this.unavailable.apply("The request for a JWT-SVID failed with " + cause.getClass().getName());
		own.initCause(cause);
		return own;
	}

	@Override
	public @Nullable Ending requesting(Request request) {
		return (request.type() == Request.Type.ATTESTATION) ? this::x509SvidRequested : null;
	}

	@Override
	public void x509SvidRequested(String outcome) {
		if (outcome.equals(Outcomes.SUCCESS)) {
			forgetRefusals();
		}
	}

	@Override
	public void refreshed(String outcome) {
		if (outcome.equals(Outcomes.SUCCESS)) {
			synchronized (this.answers) {
				// whoever answers can be reached, which tells nothing about other
				// refusals
				this.refusalOfAll = null;
			}
		}
	}

	public void forgetRefusals() {
		synchronized (this.answers) {
			this.refusalOfAll = null;
			this.answers.values().forEach((each) -> each.refusal = null);
		}
	}

	public interface Issuer {

		Issued issue(Set<String> audience, Deadline deadline, Consumer<Issued> late);

		Reach reach(@Nullable Throwable cause);

		HeldSvid.@Nullable Subject subject();

	}

	public enum Reach {

		/** Nobody was asked, or not to the end. */
		NONE,

		/** The audiences that were asked for. */
		AUDIENCE,

		/**
		 * All audiences, since whoever issues them cannot be reached or is overloaded.
		 */
		ALL

	}

	/**
	 * A JWT-SVID as issued. One that is not fresh is what an agent has had for a while.
	 */
	public record Issued(JwtSvid svid, HeldSvid.Subject subject, boolean fresh) {

		boolean isReusable() {
			return !this.subject.singleUse();
		}

	}

	/** What there is for one set of audiences, guarded by the map that has it. */
	private static final class Answers {

		private @Nullable CachedJwtSvid cached;

		private @Nullable Flight flight;

		private @Nullable JwtRefusal refusal;

	}

	private record Flight(Deadline deadline, CompletableFuture<Issued> answer) {

		Flight(Deadline deadline) {
			this(deadline, new CompletableFuture<>());
		}

	}

}
