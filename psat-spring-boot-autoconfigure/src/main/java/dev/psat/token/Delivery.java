package dev.psat.token;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Brings the latest status to the listeners, on a thread of its own.
 */
final class Delivery {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final OnDemandThread thread = new OnDemandThread("psat-token-events", this::deliver);

	private final Supplier<TokenStatus> status;

	Delivery(Supplier<TokenStatus> status) {
		this.status = status;
	}

	void add(TokenListener listener) {
		this.subscriptions.add(new Subscription(listener));
		request();
	}

	void remove(TokenListener listener) {
		this.subscriptions.removeIf((subscription) -> subscription.listener.equals(listener));
	}

	void request() {
		this.thread.request();
	}

	void close() {
		this.thread.close(CLOSE_PATIENCE);
	}

	private void deliver() {
		for (Subscription subscription : this.subscriptions) {
			if (!this.thread.isClosed()) {
				subscription.tell(this.status.get());
			}
		}
	}

	/**
	 * A listener and what it knows.
	 */
	private static final class Subscription {

		private final TokenListener listener;

		private TokenStatus known = TokenStatus.NONE;

		Subscription(TokenListener listener) {
			this.listener = listener;
		}

		void tell(TokenStatus status) {
			TokenStatus previous = this.known;
			if (!status.differsFrom(previous)) {
				return;
			}
			this.known = status;
			try {
				this.listener.statusChanged(previous, status);
			}
			catch (RuntimeException | Error ex) {
				SafeLog.warn("A token listener failed", ex);
			}
		}

	}

}
