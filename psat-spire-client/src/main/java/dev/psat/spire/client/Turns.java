package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.wire.internal.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers take turns. A turn ends with a mere field, since a
 * {@link StackOverflowError} in a thread of a caller can leave a lock behind.
 */
final class Turns {

	/** How long to wait before looking whether a turn has ended without a word. */
	private static final Duration SLICE = Duration.ofSeconds(1);

	private final AtomicReference<@Nullable Turn> current = new AtomicReference<>();

	/**
	 * Wait for a turn.
	 * @param waits the waits of the channel
	 * @param deadline how long to wait
	 * @return the turn, which must be ended
	 * @throws TimeoutException if it is still that of another caller by the deadline
	 * @throws SpireException if the channel is closed or the thread is interrupted
	 */
	Turn take(Waits waits, Deadline deadline) throws TimeoutException {
		Turn mine = new Turn();
		while (true) {
			Turn other = this.current.get();
			if (other == null || other.over) {
				if (this.current.compareAndSet(other, mine)) {
					return mine;
				}
			}
			else if (deadline.isPassed()) {
				throw new TimeoutException();
			}
			else {
				awaitEnd(other, waits, deadline);
			}
		}
	}

	private static void awaitEnd(Turn other, Waits waits, Deadline deadline) {
		try {
			// a copy, since closing cancels the futures that are waited for
			waits.await(other.ended.copy(), deadline.within(SLICE));
		}
		catch (ExecutionException | TimeoutException ex) {
			// the caller looks again
		}
	}

	/**
	 * The turn of a caller.
	 */
	static final class Turn {

		private final CompletableFuture<Void> ended = new CompletableFuture<>();

		/** Set before {@link #ended()}, for which there may be no stack left. */
		volatile boolean over;

		/**
		 * Wake those who wait.
		 */
		void ended() {
			this.ended.complete(null);
		}

	}

}
