package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * Runs one task on a daemon thread that exists only while there is something to do.
 * Requests that arrive before a run has begun share that run. Monitors guard it, since an
 * error in a thread of a caller would leave another lock behind.
 */
public final class OnDemandThread {

	private final ThreadFactory threads;

	private final Runnable task;

	private final RepeatedError repeatedError;

	private final Time time;

	private final Object monitor = new Object();

	private @Nullable CompletableFuture<Void> waiting;

	private @Nullable Thread thread;

	private boolean closed;

	public OnDemandThread(String name, Runnable task, RepeatedError repeatedError, Time time) {
		this(Threads.named(name), task, repeatedError, time);
	}

	OnDemandThread(ThreadFactory threads, Runnable task, RepeatedError repeatedError, Time time) {
		this.threads = threads;
		this.task = task;
		this.repeatedError = repeatedError;
		this.time = time;
	}

	/**
	 * Request a run that begins after this call.
	 * @return a future that is done when that run has ended, or immediately if there will
	 * be none
	 */
	public CompletableFuture<Void> request() {
		synchronized (this.monitor) {
			if (this.closed) {
				return CompletableFuture.completedFuture(null);
			}
			CompletableFuture<Void> run = this.waiting;
			if (run == null) {
				run = new CompletableFuture<>();
				this.waiting = run;
			}
			// an error that nobody could handle may have ended the thread
			if (this.thread == null || !this.thread.isAlive()) {
				Thread thread = this.threads.newThread(this::work);
				this.thread = thread;
				this.time.start(thread);
			}
			return run;
		}
	}

	/**
	 * Prevent further runs.
	 * @return the thread, which may be in the middle of a run
	 */
	public @Nullable Thread retire() {
		synchronized (this.monitor) {
			this.closed = true;
			return this.thread;
		}
	}

	/**
	 * End the thread. It no longer runs when this method returns, unless the task ignores
	 * an interrupt.
	 */
	public void close(Duration patience) {
		Thread thread = retire();
		if (thread != null) {
			Threads.end(thread, patience);
		}
	}

	private void work() {
		for (CompletableFuture<Void> run = next(); run != null; run = next()) {
			try {
				// an interrupt of the previous run does not concern this one
				Thread.interrupted();
				this.task.run();
				this.repeatedError.over();
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
			run.complete(null);
		}
	}

	private @Nullable CompletableFuture<Void> next() {
		synchronized (this.monitor) {
			CompletableFuture<Void> next = this.waiting;
			this.waiting = null;
			if (next != null && this.closed) {
				next.complete(null);
				next = null;
			}
			if (next == null) {
				this.thread = null;
			}
			return next;
		}
	}

}
