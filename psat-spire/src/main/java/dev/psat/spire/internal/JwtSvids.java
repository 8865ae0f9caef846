package dev.psat.spire.internal;

import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Time;
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

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long a caller waits if the cached one would suffice. */
	private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

	private static final Duration SLICE = Duration.ofSeconds(1);

	private final Issuer issuer;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	private final JwtAnswers answers;

	public JwtSvids(Issuer issuer, Supplier<SpireState> state, Function<String, SvidUnavailableException> unavailable,
			Time time) {
		this.issuer = issuer;
		this.state = state;
		this.unavailable = unavailable;
		this.time = time;
		this.answers = new JwtAnswers(time);
	}

	static Set<String> audiences(String audience, String... more) {
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(more, "'more' must not be null");
		Set<String> audiences = new TreeSet<>();
		audiences.add(audience);
		for (String each : more) {
			audiences.add(Objects.requireNonNull(each, "'more' must not contain null elements"));
		}
		if (audiences.stream().anyMatch(String::isBlank)) {
			throw new IllegalArgumentException("'audience' must not be blank");
		}
		return Collections.unmodifiableSet(audiences);
	}

	public JwtSvid get(Set<String> audience) {
		Deadline deadline = Deadline.in(PATIENCE, this.time);
		JwtAnswers.Cached cached = this.answers.cached(audience, this.issuer.subject());
		if (cached == null) {
			return obtain(audience, deadline);
		}
		return cached.isToBeReplaced(this.time) ? replace(audience, cached, deadline) : cached.svid();
	}

	/**
	 * Callers that arrive while another one asks, or soon after that has failed, receive
	 * the cached one.
	 */
	private JwtSvid replace(Set<String> audience, JwtAnswers.Cached cached, Deadline deadline) {
		if (this.answers.standing(audience) != null) {
			return cached.svid();
		}
		JwtAnswers.Flight mine = new JwtAnswers.Flight(Deadline.in(SHORT_PATIENCE, this.time));
		if (this.answers.join(audience, mine) != mine) {
			return cached.svid();
		}
		try {
			return ask(audience, mine).svid();
		}
		catch (SvidUnavailableException ex) {
			JwtAnswers.Cached usable = this.answers.cached(audience, this.issuer.subject());
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
			JwtAnswers.Flight mine = new JwtAnswers.Flight(deadline);
			JwtAnswers.Flight flight = this.answers.join(audience, mine);
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

	private Issued ask(Set<String> audience, JwtAnswers.Flight mine) {
		try {
			Issued issued = request(audience, mine.deadline());
			this.answers.land(audience, mine);
			mine.answer().complete(issued);
			return issued;
		}
		catch (RuntimeException | Error ex) {
			this.answers.land(audience, mine);
			if (Thread.currentThread().isInterrupted() || mine.deadline().isOver()) {
				// does not concern anyone else
				mine.answer().cancel(false);
			}
			mine.answer().completeExceptionally(ex);
			throw ex;
		}
	}

	private Issued request(Set<String> audience, Deadline deadline) {
		JwtAnswers.Refusal standing = this.answers.standing(audience);
		if (standing != null) {
			throw standing.exception();
		}
		Renewal asked = Renewal.now(this.time);
		try {
			Issued issued = this.issuer.issue(audience, deadline,
					(late) -> this.answers.issued(audience, late, asked, true));
			this.answers.issued(audience, issued, asked, false);
			return issued;
		}
		catch (SvidUnavailableException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.answers.failed(audience, deadline.isOver() ? Reach.NONE : this.issuer.reach(ex.getCause()), ex,
						asked);
			}
			throw ex;
		}
	}

	private @Nullable Issued await(JwtAnswers.Flight other, Deadline deadline) {
		do {
			try {
				Duration slice = (deadline.left().compareTo(SLICE) < 0) ? deadline.left() : SLICE;
				return this.time.await(other.answer(), slice.toNanos());
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
		while (!deadline.isOver() && !other.deadline().isOver());
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
			this.answers.reached();
		}
	}

	public void forgetRefusals() {
		this.answers.forgetRefusals();
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

}
