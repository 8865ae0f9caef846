package dev.psat.spire;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.psat.spire.client.JwtSvid;
import org.jspecify.annotations.Nullable;

/**
 * JWT-SVIDs by their audiences. Of calls that come together for the same audiences one
 * asks the server.
 */
final class JwtSvids {

	private static final int MOST = 1000;

	private final Function<Set<String>, Issued> issuer;

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
	 * @param issuer asks the server, and throws {@link SvidUnavailableException}
	 * @param time the present
	 */
	JwtSvids(Function<Set<String>, Issued> issuer, Time time) {
		this.issuer = issuer;
		this.time = time;
	}

	JwtSvid get(Set<String> audience) {
		JwtSvid known = this.issued.get(audience);
		if (known != null && this.time.now().isBefore(halfLife(known))) {
			return known;
		}
		try {
			return issue(audience);
		}
		catch (SvidUnavailableException ex) {
			if (known != null && this.time.now().isBefore(known.expiresAt())) {
				return known;
			}
			throw ex;
		}
	}

	private JwtSvid issue(Set<String> audience) {
		CompletableFuture<Issued> mine = new CompletableFuture<>();
		CompletableFuture<Issued> other = this.inFlight.putIfAbsent(audience, mine);
		if (other != null) {
			Issued answer = join(other);
			return answer.reusable() ? answer.svid() : this.issuer.apply(audience).svid();
		}
		try {
			Issued answer = this.issuer.apply(audience);
			if (answer.reusable()) {
				this.issued.put(audience, answer.svid());
			}
			mine.complete(answer);
			return answer.svid();
		}
		catch (RuntimeException | Error ex) {
			mine.completeExceptionally(ex);
			throw ex;
		}
		finally {
			this.inFlight.remove(audience, mine);
		}
	}

	private static Issued join(CompletableFuture<Issued> other) {
		try {
			return other.join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof SvidUnavailableException unavailable) {
				throw unavailable;
			}
			throw ex;
		}
	}

	private static Instant halfLife(JwtSvid svid) {
		return svid.issuedAt().plus(Duration.between(svid.issuedAt(), svid.expiresAt()).dividedBy(2));
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
