package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is heard on a connection. If nothing is, one probe decides for all calls that
 * wait: the connection is dead if nothing at all is heard after it. Safe for use by
 * multiple threads.
 */
final class Liveness {

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong answered = new AtomicLong();

	private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();

	private final AtomicBoolean repeating = new AtomicBoolean();

	private volatile long heardAt = System.nanoTime();

	/**
	 * Return the number of the next call.
	 */
	long next() {
		return this.sent.incrementAndGet();
	}

	/**
	 * Record that the answer to a call has begun to arrive.
	 * @param number the number of the call
	 */
	void heard(long number) {
		this.heardAt = System.nanoTime();
		this.answered.accumulateAndGet(number, Math::max);
		this.probe.set(null);
	}

	boolean isHeard() {
		return this.answered.get() > 0;
	}

	boolean isSilentFor(Duration time) {
		return System.nanoTime() - this.heardAt >= time.toNanos();
	}

	/**
	 * Begin a probe, unless one is in progress.
	 * @param begin sends something, and returns a future that fails if the connection has
	 * ended
	 * @return a future that completes when there is something to be known
	 */
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

	/**
	 * Return how long it still takes until a probe in progress is considered lost.
	 */
	Duration left(Duration patience) {
		Probe probe = this.probe.get();
		return (probe != null) ? patience.minusNanos(System.nanoTime() - probe.begunAt()) : Duration.ZERO;
	}

	boolean isDead(Duration patience) {
		Probe probe = this.probe.get();
		return probe != null && (probe.result().isCompletedExceptionally()
				|| System.nanoTime() - probe.begunAt() >= patience.toNanos());
	}

	/**
	 * Return whether a call may be sent once more: a later one was answered before it,
	 * and no other call is being repeated. If it may, {@link #repeated()} must follow.
	 * @param number the number of the call
	 * @return whether it may
	 */
	boolean beginRepeating(long number) {
		return isOvertaken(number) && this.repeating.compareAndSet(false, true);
	}

	boolean isOvertaken(long number) {
		return this.answered.get() > number;
	}

	void repeated() {
		this.repeating.set(false);
	}

	/**
	 * A probe to which nothing was heard yet.
	 *
	 * @param begunAt when it began, by the monotonic clock
	 * @param result the future result
	 */
	private record Probe(long begunAt, CompletableFuture<Boolean> result) {

	}

}
