package dev.psat.spire.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

import dev.psat.spire.wire.internal.Deadline;

/**
 * The waits of a channel's callers. They end at their deadline, on an interrupt, and when
 * the channel is closed.
 */
final class Waits {

	private final Set<Future<?>> futures = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	<T> T await(CompletableFuture<T> future, Deadline deadline) throws ExecutionException, TimeoutException {
		this.futures.add(future);
		try {
			checkOpen();
			return deadline.await(future);
		}
		catch (CancellationException ex) {
			throw closed();
		}
		catch (ExecutionException ex) {
			// closing makes every future fail
			checkOpen();
			throw ex;
		}
		catch (InterruptedException ex) {
			throw interrupted();
		}
		finally {
			this.futures.remove(future);
		}
	}

	/** The result must not take all of the time, or has failed with {@code late}. */
	void await(CompletableFuture<?> future, Duration limit, Deadline patience, IOException late)
			throws ExecutionException, TimeoutException {
		try {
			await(future, patience.within(limit));
		}
		catch (TimeoutException ex) {
			if (patience.isPassed()) {
				throw ex;
			}
			throw new ExecutionException(late);
		}
	}

	void close() {
		this.closed = true;
		this.futures.forEach((future) -> future.cancel(true));
	}

	void checkOpen() {
		if (this.closed) {
			throw closed();
		}
	}

	private static SpireException closed() {
		return new SpireException(FailureReason.CANCELLED, "The client has been closed");
	}

	private static SpireException interrupted() {
		Thread.currentThread().interrupt();
		return new SpireException(FailureReason.CANCELLED, "The calling thread was interrupted");
	}

}
