package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/** The last answers to requests for JWT-SVIDs, by audience. */
final class JwtAnswers {

	private static final int MOST = 1000;

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	private final Time time;

	private final Map<Set<String>, Answers> answers = new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, Answers> eldest) {
			return size() > MOST;
		}

	};

	private @Nullable Refusal refusalOfAll;

	JwtAnswers(Time time) {
		this.time = time;
	}

	private Answers of(Set<String> audience) {
		return this.answers.computeIfAbsent(audience, (any) -> new Answers());
	}

	/**
	 * Join the call that asks for the same audiences, if an answer is to be expected from
	 * it.
	 */
	synchronized Flight join(Set<String> audience, Flight mine) {
		Answers answers = of(audience);
		Flight other = answers.flight;
		if (other == null || other.deadline().isOver()) {
			answers.flight = mine;
		}
		return Objects.requireNonNull(answers.flight);
	}

	synchronized void land(Set<String> audience, Flight mine) {
		Answers answers = this.answers.get(audience);
		if (answers != null && answers.flight == mine) {
			answers.flight = null;
		}
	}

	/** Unless it has arrived late and a newer one was kept in the meantime. */
	synchronized void issued(Set<String> audience, JwtSvids.Issued issued, Renewal asked, boolean late) {
		forgetRefusals();
		Answers answers = of(audience);
		boolean older = answers.cached != null && issued.svid().issuedAt().isBefore(answers.cached.svid().issuedAt());
		if (issued.isReusable() && !(late && older)) {
			answers.cached = Cached.of(issued, asked);
		}
	}

	synchronized void failed(Set<String> audience, JwtSvids.Reach reach, SvidUnavailableException ex, Renewal asked) {
		Answers answers = of(audience);
		if (answers.cached != null) {
			answers.cached = answers.cached.failed(this.time);
		}
		if (reach == JwtSvids.Reach.AUDIENCE) {
			answers.refusal = Refusal.after(answers.refusal, ex, asked.receivedAt(), this.time);
		}
		else if (reach == JwtSvids.Reach.ALL) {
			this.refusalOfAll = Refusal.after(this.refusalOfAll, ex, asked.receivedAt(), this.time);
		}
	}

	synchronized @Nullable Refusal standing(Set<String> audience) {
		Refusal ofAll = this.refusalOfAll;
		Refusal refusal = (ofAll != null && ofAll.stands(this.time)) ? ofAll : of(audience).refusal;
		return (refusal != null && refusal.stands(this.time)) ? refusal : null;
	}

	synchronized @Nullable Cached cached(Set<String> audience, HeldSvid.@Nullable Subject subject) {
		Cached cached = of(audience).cached;
		return (cached != null && cached.isUsable(subject, this.time)) ? cached : null;
	}

	/** The issuer can be reached, which tells nothing about other refusals. */
	synchronized void reached() {
		this.refusalOfAll = null;
	}

	synchronized void forgetRefusals() {
		this.refusalOfAll = null;
		this.answers.values().forEach((each) -> each.refusal = null);
	}

	/** What there is for one set of audiences. */
	private static final class Answers {

		private @Nullable Cached cached;

		private @Nullable Flight flight;

		private @Nullable Refusal refusal;

	}

	/** A call that asks for all who want the same. */
	record Flight(Deadline deadline, CompletableFuture<JwtSvids.Issued> answer) {

		Flight(Deadline deadline) {
			this(deadline, new CompletableFuture<>());
		}

	}

	/**
	 * Its age is measured by both clocks of this machine: what the server's clock said at
	 * the issue of one that is fresh does not matter.
	 */
	record Cached(JwtSvid svid, HeldSvid.Subject subject, Renewal replacement, Renewal expiry, BackOff backOff) {

		static Cached of(JwtSvids.Issued issued, Renewal asked) {
			Duration left = left(issued, asked.at());
			return new Cached(issued.svid(), issued.subject(), asked.later(left.dividedBy(2)), asked.later(left),
					BackOff.NONE);
		}

		/**
		 * If the clock of this machine says that one has not been issued yet, or has
		 * expired, that clock is off, and tells nothing.
		 */
		private static Duration left(JwtSvids.Issued issued, Instant now) {
			JwtSvid svid = issued.svid();
			boolean credible = !now.isBefore(svid.issuedAt()) && now.isBefore(svid.expiresAt());
			return Duration.between((issued.fresh() || !credible) ? svid.issuedAt() : now, svid.expiresAt());
		}

		Cached failed(Time time) {
			return new Cached(this.svid, this.subject, this.replacement, this.expiry,
					this.backOff.failed(LONGEST_BACK_OFF, time));
		}

		boolean isUsable(HeldSvid.@Nullable Subject subject, Time time) {
			return !this.expiry.isDue(time) && this.subject.equals(subject);
		}

		boolean isToBeReplaced(Time time) {
			return this.replacement.isDue(time) && this.backOff.isOver(time);
		}

	}

	/**
	 * Answers further calls for a while, without the exception, whose stack trace would
	 * take memory.
	 */
	record Refusal(String message, SpireState state, String advice, BackOff backOff) {

		/**
		 * Calls that were under way at the same time fail together, which makes no pause
		 * longer.
		 */
		static Refusal after(@Nullable Refusal last, SvidUnavailableException ex, long began, Time time) {
			BackOff backOff = (last != null) ? last.backOff() : BackOff.NONE;
			boolean together = last != null && began - backOff.at() < 0;
			return new Refusal(String.valueOf(ex.getMessage()), ex.state(), ex.advice(),
					together ? backOff : backOff.failed(LONGEST_BACK_OFF, time));
		}

		boolean stands(Time time) {
			return !this.backOff.isOver(time);
		}

		SvidUnavailableException exception() {
			return new SvidUnavailableException(this.message, this.state, this.advice);
		}

	}

}
