package dev.psat.spire.internal;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import dev.psat.concurrent.OnDemandThread;
import dev.psat.concurrent.RepeatedError;
import dev.psat.concurrent.Threads;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;

/**
 * Notifies observers of changes. Each has a separate thread, which only lives while there
 * is something to deliver.
 */
public final class StatusDelivery {

	private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

	private static final SpireStatus NOTHING = new SpireStatus(SpireState.STARTING, null, null, null, null, null, null,
			null, null, null);

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final ThreadFactory threads;

	private final Supplier<SpireStatus> status;

	private volatile boolean closed;

	public StatusDelivery(Supplier<SpireStatus> status) {
		this((work) -> Threads.create("psat-spire-events", work), status);
	}

	public StatusDelivery(ThreadFactory threads, Supplier<SpireStatus> status) {
		this.threads = threads;
		this.status = status;
	}

	public void add(SpireObserver observer) {
		Subscription subscription = new Subscription(observer);
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

	public void remove(SpireObserver observer) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.observer.equals(observer) && this.subscriptions.remove(subscription)) {
				subscription.thread.retire();
			}
		}
	}

	/**
	 * Notify the observers of what they do not know yet.
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

	public void close() {
		this.closed = true;
		List<Thread> threads = this.subscriptions.stream()
			.map((subscription) -> subscription.thread.retire())
			.filter(Objects::nonNull)
			.toList();
		Threads.end(threads, CLOSE_PATIENCE);
	}

	private final class Subscription {

		private final SpireObserver observer;

		private final OnDemandThread thread = new OnDemandThread(StatusDelivery.this.threads, this::tell,
				new RepeatedError(SpireIdentity.class, "An observer of the SPIRE identity failed"));

		private SpireStatus known = NOTHING;

		private Subscription(SpireObserver observer) {
			this.observer = observer;
		}

		private void tell() {
			SpireStatus previous = this.known;
			SpireStatus current = StatusDelivery.this.status.get();
			if (!News.of(previous).equals(News.of(current))) {
				this.known = current;
				this.observer.changed(previous, current);
			}
		}

	}

}
