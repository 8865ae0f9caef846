package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * If nothing is heard, one probe decides for all calls that wait: the connection is dead
 * if nothing at all is heard after it.
 */
final class Liveness {

	private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();

	private volatile boolean heard;

	private volatile long heardAt = System.nanoTime();

	void heard() {
		this.heardAt = System.nanoTime();
		this.heard = true;
		this.probe.set(null);
	}

	boolean isHeard() {
		return this.heard;
	}

	boolean isSilentFor(Duration time) {
		return System.nanoTime() - this.heardAt >= time.toNanos();
	}

	/** Completes when there is something to be known. */
	CompletableFuture<?> probe(Supplier<CompletableFuture<?>> begin) {
		Probe mine = new Probe(System.nanoTime(), new CompletableFuture<>());
		Probe other = this.probe.compareAndExchange(null, mine);
		if (other != null) {
			return other.result();
		}
		begin.get().whenComplete((result, failure) -> {
			if (failure != null) {
				mine.result().completeExceptionally(failure);
			}
			else {
				mine.result().complete(true);
			}
		});
		return mine.result();
	}

	Duration left(Duration patience) {
		Probe probe = this.probe.get();
		return (probe != null) ? patience.minusNanos(System.nanoTime() - probe.begunAt()) : Duration.ZERO;
	}

	boolean isDead(Duration patience) {
		Probe probe = this.probe.get();
		return probe != null && (probe.result().isCompletedExceptionally()
				|| System.nanoTime() - probe.begunAt() >= patience.toNanos());
	}

	/** A probe to which nothing was heard yet. */
	private record Probe(long begunAt, CompletableFuture<Boolean> result) {

	}

}
