package dev.psat.spire.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.wire.internal.Deadline;
import org.jspecify.annotations.Nullable;

/** That of one caller at a time. */
final class Turn {

	private final AtomicReference<@Nullable CompletableFuture<Void>> end = new AtomicReference<>();

	void take(Waits waits, Deadline deadline) throws TimeoutException {
		CompletableFuture<Void> mine = new CompletableFuture<>();
		CompletableFuture<Void> other = this.end.compareAndExchange(null, mine);
		while (other != null) {
			try {
				// a copy, since closing cancels the futures that are waited for
				waits.await(other.copy(), deadline);
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException(ex);
			}
			other = this.end.compareAndExchange(null, mine);
		}
	}

	void end() {
		CompletableFuture<Void> mine = this.end.getAndSet(null);
		if (mine != null) {
			mine.complete(null);
		}
	}

}
