package dev.psat.spire.workload.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.psat.support.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Follows a stream in a thread of its own.
 *
 * @param <T> the type of its messages
 */
final class Following<T> implements AutoCloseable {

	private static final long PATIENCE_SECONDS = Patience.SECONDS;

	private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private final Thread thread;

	Following(Consumer<Consumer<T>> stream) {
		this.thread = new Thread(() -> {
			try {
				stream.accept(this.messages::add);
				this.end.complete(null);
			}
			catch (Throwable ex) {
				this.end.completeExceptionally(ex);
			}
		}, "following");
		this.thread.start();
	}

	/**
	 * Return the next message.
	 * @throws WorkloadException if the stream fails before that
	 */
	T next() {
		return until((message) -> true);
	}

	/**
	 * Return the first message that meets a condition.
	 */
	T until(Predicate<T> condition) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (System.nanoTime() - end < 0) {
			boolean over = this.end.isDone();
			T message = poll();
			if (message != null && condition.test(message)) {
				return message;
			}
			if (message == null && over) {
				throw failure();
			}
		}
		throw new AssertionError("No such message in %d s".formatted(PATIENCE_SECONDS));
	}

	private T poll() {
		try {
			return this.messages.poll(20, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private RuntimeException failure() {
		try {
			this.end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			return new IllegalStateException("The stream has ended");
		}
		catch (ExecutionException ex) {
			return (ex.getCause() instanceof RuntimeException failure) ? failure : new IllegalStateException(ex);
		}
		catch (InterruptedException | TimeoutException ex) {
			return new IllegalStateException("The stream goes on", ex);
		}
	}

	boolean isOpen() {
		return !this.end.isDone();
	}

	/**
	 * Wait until the stream ends without a failure.
	 */
	void ends() {
		assertThat(failure()).hasMessage("The stream has ended");
	}

	void fails(WorkloadFailureReason reason) {
		assertThat(failure()).isInstanceOfSatisfying(WorkloadException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	@Override
	public void close() {
		this.thread.interrupt();
		try {
			this.thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		assertThat(this.thread.isAlive()).as("The stream outlives an interrupt").isFalse();
	}

}
