package dev.psat.spire.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Repeats the server's last refusal for a while instead of asking again, so that an
 * application that asks for each of its requests does not flood a server that fails. Any
 * success ends it.
 */
public final class JwtRefusals implements JwtSvids.Issuer, SpireObserver {

	private static final int MOST = 1000;

	private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

	/** The audience of a refusal that concerns all of them. */
	private static final Set<String> ALL = Set.of();

	private final JwtSvids.Issuer issuer;

	private final Judge judge;

	private final Time time;

	private final Map<Set<String>, Refusal> refusals = new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, Refusal> eldest) {
			return size() > MOST;
		}

	};

	/**
	 * Create an instance without a refusal.
	 * @param issuer is asked if no refusal stands
	 * @param judge tells how far a refusal reaches
	 * @param time the current time
	 */
	public JwtRefusals(JwtSvids.Issuer issuer, Judge judge, Time time) {
		this.issuer = issuer;
		this.judge = judge;
		this.time = time;
	}

	@Override
	public JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		Refusal standing = standing(audience);
		if (standing != null) {
			throw standing.exception();
		}
		long began = this.time.nanos();
		try {
			JwtSvids.Issued issued = this.issuer.issue(audience, deadline, (arrived) -> {
				over();
				late.accept(arrived);
			});
			over();
			return issued;
		}
		catch (SvidUnavailableException ex) {
			Reach reach = this.judge.of(ex.getCause());
			// an interrupt and the end of a caller's own time are no refusal
			if (reach != null && !Thread.currentThread().isInterrupted() && !deadline.isOver()) {
				refused((reach != Reach.AUDIENCE) ? ALL : audience, ex, reach, began);
			}
			throw ex;
		}
	}

	@Override
	public void attested(String outcome, Duration time) {
		if (outcome.equals(Outcomes.SUCCESS)) {
			over();
		}
	}

	@Override
	public void x509SvidRequested(String outcome) {
		if (outcome.equals(Outcomes.SUCCESS)) {
			over();
		}
	}

	/**
	 * The server can be reached, which tells nothing about other refusals.
	 */
	@Override
	public void refreshed(String outcome) {
		if (outcome.equals(Outcomes.SUCCESS)) {
			reached();
		}
	}

	/**
	 * Forget all refusals.
	 */
	public synchronized void over() {
		this.refusals.clear();
	}

	private synchronized void reached() {
		Refusal refusal = this.refusals.get(ALL);
		if (refusal != null && refusal.reach() == Reach.UNTIL_REACHED) {
			this.refusals.remove(ALL);
		}
	}

	private synchronized @Nullable Refusal standing(Set<String> audience) {
		Refusal refusal = standingOf(ALL);
		return (refusal != null) ? refusal : standingOf(audience);
	}

	private @Nullable Refusal standingOf(Set<String> audience) {
		Refusal refusal = this.refusals.get(audience);
		return (refusal != null && !refusal.backOff().isOver(this.time)) ? refusal : null;
	}

	/**
	 * Record a refusal. Calls that were in flight at the same time fail together, which
	 * makes no pause longer.
	 */
	private synchronized void refused(Set<String> audience, SvidUnavailableException ex, Reach reach, long began) {
		Refusal last = this.refusals.get(audience);
		BackOff backOff = (last != null) ? last.backOff() : BackOff.NONE;
		if (last == null || began - backOff.at() >= 0) {
			backOff = backOff.failed(LONGEST_BACK_OFF, this.time);
		}
		this.refusals.put(audience,
				new Refusal(String.valueOf(ex.getMessage()), ex.state(), ex.advice(), reach, backOff));
	}

	/**
	 * Tells how far a refusal reaches.
	 */
	public interface Judge {

		/**
		 * Return how far a refusal reaches.
		 * @param cause the cause of its exception
		 * @return the reach, {@code null} if nobody was asked, or not to the end
		 */
		@Nullable Reach of(@Nullable Throwable cause);

	}

	/**
	 * How far a refusal reaches.
	 */
	public enum Reach {

		/** It concerns the audiences that were asked for. */
		AUDIENCE,

		/** It concerns all audiences. */
		ALL,

		/** It concerns all audiences until whoever issues them is reached. */
		UNTIL_REACHED

	}

	/**
	 * A refusal, without the exception, whose stack trace would take memory.
	 */
	private record Refusal(String message, SpireState state, String advice, Reach reach, BackOff backOff) {

		SvidUnavailableException exception() {
			return new SvidUnavailableException(this.message, this.state, this.advice);
		}

	}

}
