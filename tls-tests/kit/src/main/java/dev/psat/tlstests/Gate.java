package dev.psat.tlstests;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the handlers of a server from answering as long as it is closed.
 */
public final class Gate {

	private final AtomicInteger calls = new AtomicInteger();

	private volatile CompletableFuture<String> open = CompletableFuture.completedFuture("hello");

	void close() {
		this.open = new CompletableFuture<>();
	}

	void open() {
		this.open.complete("hello");
	}

	/**
	 * Return how many calls have come to the handlers.
	 */
	int calls() {
		return this.calls.get();
	}

	/**
	 * Return what a handler answers.
	 * @return {@code hello}, once this is open
	 */
	public CompletableFuture<String> answer() {
		this.calls.incrementAndGet();
		return this.open.copy();
	}

}
