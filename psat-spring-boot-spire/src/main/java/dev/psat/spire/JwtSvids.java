package dev.psat.spire;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.JwtSvid;
import org.jspecify.annotations.Nullable;

/**
 * JWT-SVIDs by their audiences. Of calls that come together for the same audiences one
 * asks the server.
 */
final class JwtSvids {

	private static final int MOST = 1000;

	/** Of a caller, for whatever it may be. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Of a caller who could do with the one there is. */
	private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

	private final Issuer issuer;

	private final Supplier<@Nullable AuthorizedEntry> entry;

	private final Supplier<SpireState> state;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	private final Map<Set<String>, Kept> kept = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, Kept> eldest) {
			return size() > MOST;
		}

	});

	private final Map<Set<String>, CompletableFuture<Issued>> inFlight = new ConcurrentHashMap<>();

	/**
	 * Create a store.
	 * @param issuer asks the server
	 * @param entry gives the present entry, {@code null} if there is none yet
	 * @param state gives the state
	 * @param unavailable makes an exception of a message and of what is known
	 * @param time the present
	 */
	JwtSvids(Issuer issuer, Supplier<@Nullable AuthorizedEntry> entry, Supplier<SpireState> state,
			Function<String, SvidUnavailableException> unavailable, Time time) {
		this.issuer = issuer;
		this.entry = entry;
		this.state = state;
		this.unavailable = unavailable;
		this.time = time;
	}

	JwtSvid get(Set<String> audience) {
		Deadline deadline = Deadline.in(PATIENCE, this.time);
		Kept kept = this.kept.get(audience);
		if (kept == null || !isUsable(kept)) {
			return issue(audience, deadline);
		}
		return kept.isToBeReplaced(this.time) ? replace(audience, kept, deadline) : kept.svid();
	}

	/**
	 * Whoever comes while another caller asks, or soon after it has failed, is served
	 * with what there is.
	 */
	private JwtSvid replace(Set<String> audience, Kept kept, Deadline deadline) {
		CompletableFuture<Issued> mine = new CompletableFuture<>();
		if (this.inFlight.putIfAbsent(audience, mine) != null) {
			return kept.svid();
		}
		try {
			return ask(audience, Deadline.in(SHORT_PATIENCE, this.time), mine).svid();
		}
		catch (SvidUnavailableException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.kept.replace(audience, kept, kept.failed(this.time));
			}
			if (isUsable(kept)) {
				return kept.svid();
			}
			return issue(audience, deadline);
		}
	}

	private boolean isUsable(Kept kept) {
		return this.time.now().isBefore(kept.svid().expiresAt()) && isPresent(kept.entry());
	}

	private boolean isPresent(AuthorizedEntry entry) {
		AuthorizedEntry present = this.entry.get();
		return present != null && present.id().equals(entry.id()) && present.revisionNumber() == entry.revisionNumber()
				&& present.spiffeId().equals(entry.spiffeId());
	}

	private JwtSvid issue(Set<String> audience, Deadline deadline) {
		AuthorizedEntry entry = this.entry.get();
		if (entry != null && entry.jwtSvidIncludesJti()) {
			// an answer to another caller would be of no use
			return this.issuer.issue(audience, deadline).svid();
		}
		while (true) {
			CompletableFuture<Issued> mine = new CompletableFuture<>();
			CompletableFuture<Issued> other = this.inFlight.putIfAbsent(audience, mine);
			if (other == null) {
				return ask(audience, deadline, mine).svid();
			}
			Issued answer = join(other, deadline);
			if (answer != null) {
				return (answer.isReusable() && isPresent(answer.entry())) ? answer.svid()
						: this.issuer.issue(audience, deadline).svid();
			}
		}
	}

	private Issued ask(Set<String> audience, Deadline deadline, CompletableFuture<Issued> answer) {
		try {
			Issued issued = this.issuer.issue(audience, deadline);
			if (issued.isReusable()) {
				this.kept.put(audience, new Kept(issued.svid(), issued.entry(), 0, 0));
			}
			this.inFlight.remove(audience, answer);
			answer.complete(issued);
			return issued;
		}
		catch (RuntimeException | Error ex) {
			this.inFlight.remove(audience, answer);
			if (Thread.currentThread().isInterrupted() || deadline.isOver()) {
				// which concerns nobody else
				answer.cancel(false);
			}
			answer.completeExceptionally(ex);
			throw ex;
		}
	}

	/**
	 * Wait for the answer to another caller.
	 * @return the answer, {@code null} if the other caller was interrupted or its time is
	 * over
	 */
	private @Nullable Issued join(Future<Issued> other, Deadline deadline) {
		try {
			return other.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (CancellationException ex) {
			return null;
		}
		catch (TimeoutException ex) {
			throw this.unavailable.apply("No JWT-SVID was obtained in time");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(this.state.get());
		}
		catch (ExecutionException ex) {
			throw ownOf(Objects.requireNonNullElse(ex.getCause(), ex));
		}
	}

	static SvidUnavailableException interrupted(SpireState state) {
		return new SvidUnavailableException("The wait for a JWT-SVID was interrupted", state,
				"Ask again on a thread that is not interrupted.");
	}

	/**
	 * One instance thrown by several threads would have a stack trace that is none of
	 * theirs.
	 */
	private SvidUnavailableException ownOf(Throwable cause) {
		SvidUnavailableException own = (cause instanceof SvidUnavailableException other)
				? new SvidUnavailableException(String.valueOf(other.getMessage()), other.state(), other.advice())
				: this.unavailable.apply("The call for a JWT-SVID ended with " + cause.getClass().getName());
		own.initCause(cause);
		return own;
	}

	/**
	 * Who asks the server.
	 */
	interface Issuer {

		/**
		 * Ask the server.
		 * @param audience the audiences
		 * @param deadline until when to wait
		 * @return the JWT-SVID
		 * @throws SvidUnavailableException if there is none
		 */
		Issued issue(Set<String> audience, Deadline deadline);

	}

	/**
	 * A JWT-SVID as the server issued it.
	 *
	 * @param svid the JWT-SVID
	 * @param entry the entry that it was issued for
	 */
	record Issued(JwtSvid svid, AuthorizedEntry entry) {

		/**
		 * Return whether it may be used more than once: one with a {@code jti} is meant
		 * for one use.
		 */
		boolean isReusable() {
			return !this.entry.jwtSvidIncludesJti();
		}

	}

	/**
	 * A JWT-SVID that is used again.
	 *
	 * @param svid the JWT-SVID
	 * @param entry the entry that it was issued for
	 * @param failures how often another one could not be had
	 * @param failedAt when that was so last, by the monotonic clock
	 */
	private record Kept(JwtSvid svid, AuthorizedEntry entry, int failures, long failedAt) {

		private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

		private Kept failed(Time time) {
			return new Kept(this.svid, this.entry, this.failures + 1, time.nanos());
		}

		private boolean isToBeReplaced(Time time) {
			return !time.now().isBefore(halfLife()) && !isPausing(time.nanos());
		}

		private boolean isPausing(long nanos) {
			return this.failures > 0 && nanos - this.failedAt < pause().toNanos();
		}

		/**
		 * One second after the first failure, and twice as long after each.
		 */
		private Duration pause() {
			Duration pause = Duration.ofSeconds(1L << Math.min(this.failures - 1, 5));
			return (pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE;
		}

		private Instant halfLife() {
			return this.svid.issuedAt()
				.plus(Duration.between(this.svid.issuedAt(), this.svid.expiresAt()).dividedBy(2));
		}

	}

}
