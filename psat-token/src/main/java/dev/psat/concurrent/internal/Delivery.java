package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Delivers the newest status to each listener on a thread of its own, which only lives
 * while there is something to deliver: a slow listener misses what is replaced meanwhile,
 * and one that fails or hangs harms no other.
 *
 * @param <S> the type of the status
 * @since 0.1.0
 */
public final class Delivery<S> {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final ThreadFactory threads;

	private final Supplier<RepeatedError> errors;

	private final S nothing;

	private final Supplier<S> newest;

	private final BiPredicate<S, S> news;

	private volatile boolean closed;

	/**
	 * Create a delivery without listeners.
	 * @param thread the name of the threads
	 * @param errors supplies what is notified of whatever a listener throws, one for each
	 * listener
	 * @param nothing the status that a listener knows at first
	 * @param newest supplies the newest status
	 * @param news whether a listener that knows the first status is told of the second.
	 * If it needs memory and there is none left, the listener has to wait for the next
	 * request
	 */
	public Delivery(String thread, Supplier<RepeatedError> errors, S nothing, Supplier<S> newest,
			BiPredicate<S, S> news) {
		this((work) -> Threads.create(thread, work), errors, nothing, newest, news);
	}

	Delivery(ThreadFactory threads, Supplier<RepeatedError> errors, S nothing, Supplier<S> newest,
			BiPredicate<S, S> news) {
		this.threads = threads;
		this.errors = errors;
		this.nothing = nothing;
		this.newest = newest;
		this.news = news;
	}

	/**
	 * Add a listener, which is told of the newest status first.
	 * @param listener the listener, by which it can be removed again
	 * @param call called with the status that the listener knows and the newest one
	 * @throws OutOfMemoryError if no thread can be created, and the listener is not added
	 */
	public void add(Object listener, BiConsumer<S, S> call) {
		Subscription subscription = new Subscription(listener, call);
		this.subscriptions.add(subscription);
		if (this.closed) {
			subscription.thread.retire();
		}
		try {
			subscription.thread.request();
		}
		catch (OutOfMemoryError ex) {
			this.subscriptions.remove(subscription);
			throw ex;
		}
	}

	/**
	 * Remove a listener. A call to it that is in progress continues.
	 * @param listener the listener
	 */
	public void remove(Object listener) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.listener.equals(listener) && this.subscriptions.remove(subscription)) {
				subscription.thread.retire();
			}
		}
	}

	/**
	 * Tell the listeners what they do not know yet.
	 * @throws OutOfMemoryError if no thread can be created for one of them, which learns
	 * of it with the next request
	 */
	public void request() {
		OutOfMemoryError failure = null;
		for (Subscription subscription : this.subscriptions) {
			try {
				subscription.thread.request();
			}
			catch (OutOfMemoryError ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * End the threads. Calls that take too long are interrupted.
	 */
	public void close() {
		this.closed = true;
		Threads.end(this.subscriptions.stream()
			.map((subscription) -> subscription.thread.retire())
			.filter(Objects::nonNull)
			.toList(), CLOSE_PATIENCE);
	}

	/**
	 * A listener and the status it knows.
	 */
	private final class Subscription {

		private final Object listener;

		private final BiConsumer<S, S> call;

		private final OnDemandThread thread = new OnDemandThread(Delivery.this.threads, this::deliver,
				Delivery.this.errors.get());

		private S known = Delivery.this.nothing;

		private Subscription(Object listener, BiConsumer<S, S> call) {
			this.listener = listener;
			this.call = call;
		}

		private void deliver() {
			S previous = this.known;
			S current = Delivery.this.newest.get();
			if (Delivery.this.news.test(previous, current)) {
				this.known = current;
				this.call.accept(previous, current);
			}
		}

	}

}
