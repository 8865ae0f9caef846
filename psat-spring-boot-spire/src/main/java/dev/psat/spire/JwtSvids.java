package dev.psat.spire;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

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

	private final Issuer issuer;

	private final Function<String, SvidUnavailableException> unavailable;

	private final Time time;

	private final Map<Set<String>, JwtSvid> issued = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75F, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Set<String>, JwtSvid> eldest) {
			return size() > MOST;
		}

	});

	private final Map<Set<String>, CompletableFuture<Issued>> inFlight = new ConcurrentHashMap<>();

	/**
	 * Create a store.
	 * @param issuer asks the server
	 * @param unavailable makes an exception of a message and of what is known
	 * @param time the present
	 */
	JwtSvids(Issuer issuer, Function<String, SvidUnavailableException> unavailable, Time time) {
		this.issuer = issuer;
		this.unavailable = unavailable;
		this.time = time;
	}

	JwtSvid get(Set<String> audience) {
		JwtSvid known = this.issued.get(audience);
		if (known != null && this.time.now().isBefore(halfLife(known))) {
			return known;
		}
		try {
			return issue(audience, Deadline.in(PATIENCE, this.time));
		}
		catch (SvidUnavailableException ex) {
			if (known != null && this.time.now().isBefore(known.expiresAt())) {
				return known;
			}
			throw ex;
		}
	}

	private JwtSvid issue(Set<String> audience, Deadline deadline) {
		while (true) {
			CompletableFuture<Issued> mine = new CompletableFuture<>();
			CompletableFuture<Issued> other = this.inFlight.putIfAbsent(audience, mine);
			if (other == null) {
				return ask(audience, deadline, mine).svid();
			}
			Issued answer = join(other, deadline);
			if (answer != null) {
				return answer.reusable() ? answer.svid() : this.issuer.issue(audience, deadline).svid();
			}
		}
	}

	private Issued ask(Set<String> audience, Deadline deadline, CompletableFuture<Issued> answer) {
		try {
			Issued issued = this.issuer.issue(audience, deadline);
			if (issued.reusable()) {
				this.issued.put(audience, issued.svid());
			}
			this.inFlight.remove(audience, answer);
			answer.complete(issued);
			return issued;
		}
		catch (RuntimeException | Error ex) {
			this.inFlight.remove(audience, answer);
			if (Thread.currentThread().isInterrupted()) {
				// which concerns nobody else
				answer.cancel(false);
			}
			answer.completeExceptionally(ex);
			throw ex;
		}
	}

	/**
	 * Wait for the answer to another caller.
	 * @return the answer, {@code null} if the other caller was interrupted
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
			throw this.unavailable.apply("The wait for a JWT-SVID was interrupted");
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof SvidUnavailableException unavailable) {
				throw unavailable;
			}
			throw new CompletionException(ex.getCause());
		}
	}

	private static Instant halfLife(JwtSvid svid) {
		return svid.issuedAt().plus(Duration.between(svid.issuedAt(), svid.expiresAt()).dividedBy(2));
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
	 * @param reusable whether it may be used more than once: one with a {@code jti} is
	 * meant for one use
	 */
	record Issued(JwtSvid svid, boolean reusable) {

	}

}
