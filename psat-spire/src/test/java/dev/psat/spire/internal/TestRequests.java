package dev.psat.spire.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Requests for JWT-SVIDs of what a test runs itself.
 */
public final class TestRequests {

	private TestRequests() {
	}

	public static <R extends LateStart.Run> JwtRequests<R> of(Supplier<@Nullable R> runs, Supplier<SpireState> state,
			Function<String, SvidUnavailableException> unavailable) {
		CompletableFuture<Void> served = new CompletableFuture<>();
		return new JwtRequests<>(() -> {
			R run = runs.get();
			return (run != null) ? new ServedIdentity.Session<>(run, served, () -> {
			}) : null;
		}, state, unavailable, new Outcomes());
	}

}
