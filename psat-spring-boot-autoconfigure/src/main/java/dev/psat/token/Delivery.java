package dev.psat.token;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.psat.concurrent.OnDemandThread;
import dev.psat.concurrent.RepeatedError;
import dev.psat.concurrent.Threads;

/**
 * Delivers the latest status to each listener on a thread of its own.
 */
final class Delivery {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final Supplier<TokenStatus> status;

	private volatile boolean closed;

	Delivery(Supplier<TokenStatus> status) {
		this.status = status;
	}

	void add(TokenListener listener) {
		Subscription subscription = new Subscription(listener, this.status);
		this.subscriptions.add(subscription);
		subscription.thread.request();
		if (this.closed) {
			subscription.thread.retire();
		}
	}

	void remove(TokenListener listener) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.listener.equals(listener) && this.subscriptions.remove(subscription)) {
				subscription.thread.retire();
			}
		}
	}

	void request() {
		for (Subscription subscription : this.subscriptions) {
			subscription.thread.request();
		}
	}

	void close() {
		this.closed = true;
		Threads.end(this.subscriptions.stream()
			.map((subscription) -> subscription.thread.retire())
			.filter(Objects::nonNull)
			.toList(), CLOSE_PATIENCE);
	}

	/**
	 * A listener and the status it knows.
	 */
	private static final class Subscription {

		private final TokenListener listener;

		private final Supplier<TokenStatus> status;

		private final OnDemandThread thread = new OnDemandThread("psat-token-events", this::tell,
				new RepeatedError(TokenSource.class, "A token listener failed"));

		private TokenStatus known = TokenStatus.NONE;

		Subscription(TokenListener listener, Supplier<TokenStatus> status) {
			this.listener = listener;
			this.status = status;
		}

		private void tell() {
			TokenStatus previous = this.known;
			TokenStatus current = this.status.get();
			if (current.differsFrom(previous)) {
				this.known = current;
				this.listener.statusChanged(previous, current);
			}
		}

	}

}
