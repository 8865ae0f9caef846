package dev.psat.tlstests;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;

/**
 * A client that nothing of ours has made, and that keeps its connection.
 */
public interface KeptClient extends AutoCloseable {

	/** No call may last longer. */
	Duration PATIENCE = Patience.LIMIT;

	/** No call may last longer that waits for what else a test does. */
	Duration LONG_PATIENCE = Patience.LIMIT;

	/**
	 * Make a call.
	 * @return what the server says
	 */
	String call() throws Exception;

	/**
	 * Make a call that must not be made twice.
	 * @return what the server says
	 */
	String post() throws Exception;

	/**
	 * Begin a call that the server answers once {@link Gate} is open.
	 * @return the call
	 */
	Begun begin();

	/**
	 * Begin a call that the server answers without an end.
	 * @return the call
	 */
	Begun stream();

	/**
	 * Open a WebSocket through which the server speaks without an end.
	 * @return the socket
	 */
	Begun webSocket();

	@Override
	void close();

	/**
	 * A call that has begun.
	 */
	final class Begun {

		private final AtomicLong received = new AtomicLong();

		private final CompletableFuture<String> end;

		private volatile long lastReceived;

		private volatile @Nullable Runnable cancellation;

		/**
		 * Create a call.
		 * @param end completed with the answer, or by a failure
		 */
		public Begun(CompletableFuture<String> end) {
			this.end = end;
		}

		/**
		 * Create a call that has not been sent yet.
		 */
		public Begun() {
			this(new CompletableFuture<>());
		}

		public CompletableFuture<String> end() {
			return this.end;
		}

		/**
		 * Record that a part of the answer has come.
		 */
		public void received() {
			this.lastReceived = System.nanoTime();
			this.received.incrementAndGet();
		}

		/**
		 * Say how to cancel the call.
		 * @param cancellation cancels it
		 */
		public void cancelledBy(Runnable cancellation) {
			this.cancellation = cancellation;
		}

		void cancel() {
			Runnable cancellation = this.cancellation;
			if (cancellation != null) {
				cancellation.run();
			}
		}

		/**
		 * Return how many parts of the answer have come.
		 */
		public long count() {
			return this.received.get();
		}

		long lastReceived() {
			return this.lastReceived;
		}

		/**
		 * Wait for the end.
		 * @return the answer, or what begins with the type of the failure
		 */
		String await() throws InterruptedException {
			try {
				return this.end.get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				return String.valueOf(ex.getCause());
			}
			catch (TimeoutException ex) {
				return "hangs";
			}
		}

	}

}
