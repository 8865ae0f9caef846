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
 * Tells each listener the newest status on a thread of its own: a slow one misses what is
 * replaced meanwhile, and one that fails or hangs harms no other.
 */
public final class Delivery<S> {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final ThreadFactory threads;

	private final Supplier<RepeatedError> errors;

	private final S nothing;

	private final Supplier<S> newest;

	private final BiPredicate<S, S> news;

	private final Time time;

	private volatile boolean closed;

	/**
	 * A listener that knows the first status of {@code news} is told of the second if
	 * that says so. If it needs memory and there is none left, the listener waits for the
	 * next request.
	 */
	public Delivery(String thread, Supplier<RepeatedError> errors, S nothing, Supplier<S> newest,
			BiPredicate<S, S> news, Time time) {
		this(Threads.named(thread), errors, nothing, newest, news, time);
	}

	Delivery(ThreadFactory threads, Supplier<RepeatedError> errors, S nothing, Supplier<S> newest,
			BiPredicate<S, S> news, Time time) {
		this.threads = threads;
		this.errors = errors;
		this.nothing = nothing;
		this.newest = newest;
		this.news = news;
		this.time = time;
	}

	/**
	 * The listener is told of the newest status first. It is not added if no thread can
	 * be created: an {@link OutOfMemoryError} is thrown.
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

	public void remove(Object listener) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.listener.equals(listener) && this.subscriptions.remove(subscription)) {
				subscription.thread.retire();
			}
		}
	}

	/**
	 * A listener for which no thread can be created learns of it with the next request.
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

	public void close() {
		this.closed = true;
		Threads.end(this.subscriptions.stream()
			.map((subscription) -> subscription.thread.retire())
			.filter(Objects::nonNull)
			.toList(), CLOSE_PATIENCE);
	}

	private final class Subscription {

		private final Object listener;

		private final BiConsumer<S, S> call;

		private final OnDemandThread thread = new OnDemandThread(Delivery.this.threads, this::deliver,
				Delivery.this.errors.get(), Delivery.this.time);

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
