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
 * Caches JWT-SVIDs by audience. Of simultaneous calls for the same audiences, only one
 * asks the server.
 */
final class JwtSvids {

	private static final int MOST = 1000;

	/** How long a caller waits in total. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long a caller waits if the cached one would suffice. */
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
	 * Create a cache.
	 * @param issuer requests JWT-SVIDs from the server
	 * @param entry supplies the current entry, {@code null} if there is none yet
	 * @param state supplies the state
	 * @param unavailable creates an exception from a message and the current status
	 * @param time the current time
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
	 * Replace a cached JWT-SVID. Callers that arrive while another one asks the server,
	 * or soon after that has failed, receive the cached one.
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
			// an answer to another caller would be useless
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
				// does not concern anyone else
				answer.cancel(false);
			}
			answer.completeExceptionally(ex);
			throw ex;
		}
	}

	/**
	 * Wait for the answer to another caller.
	 * @return the answer, {@code null} if the other caller was interrupted or timed out
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
	interface Issuer {

		/**
		 * Request a JWT-SVID.
		 * @param audience the audiences
		 * @param deadline how long to wait
		 * @return the JWT-SVID
		 * @throws SvidUnavailableException if there is none
		 */
		Issued issue(Set<String> audience, Deadline deadline);

	}

	/**
	 * A JWT-SVID as issued by the server.
	 *
	 * @param svid the JWT-SVID
	 * @param entry the entry for which it was issued
	 */
	record Issued(JwtSvid svid, AuthorizedEntry entry) {

		/**
		 * Return whether it may be used more than once. One with a {@code jti} is meant
		 * for a single use.
		 */
		boolean isReusable() {
			return !this.entry.jwtSvidIncludesJti();
		}

	}

	/**
	 * A cached JWT-SVID.
	 *
	 * @param svid the JWT-SVID
	 * @param entry the entry for which it was issued
	 * @param failures how often its replacement has failed
	 * @param failedAt when it last failed, by the monotonic clock
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
		 * Return the pause: one second after the first failure, doubled with each further
		 * one.
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
