package dev.psat.tlstests;

import java.util.concurrent.CompletableFuture;

/**
 * Keeps the handlers of a server from answering as long as it is closed.
 */
public final class Gate {

	private volatile CompletableFuture<String> open = CompletableFuture.completedFuture("hello");

	void close() {
		this.open = new CompletableFuture<>();
	}

	void open() {
		this.open.complete("hello");
	}

	/**
	 * Return what a handler answers.
	 * @return {@code hello}, once this is open
	 */
	public CompletableFuture<String> answer() {
		return this.open.copy();
	}

}
