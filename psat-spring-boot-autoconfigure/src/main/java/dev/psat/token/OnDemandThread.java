package dev.psat.token;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Runs one task on a daemon thread that exists only while there is something to do.
 * Requests that come before a run has begun share it.
 */
final class OnDemandThread {

	private final String name;

	private final Runnable task;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Void> waiting;

	private @Nullable Thread thread;

	private volatile boolean closed;

	OnDemandThread(String name, Runnable task) {
		this.name = name;
		this.task = task;
	}

	/**
	 * Ask for a run that begins after this call.
	 * @return done when that run has ended, or at once if there will be none
	 */
	Future<Void> request() {
		this.lock.lock();
		try {
			if (this.closed) {
				return CompletableFuture.completedFuture(null);
			}
			if (this.thread == null) {
				Thread thread = new Thread(this::work, this.name);
				thread.setDaemon(true);
				thread.start();
				this.thread = thread;
			}
			if (this.waiting == null) {
				this.waiting = new CompletableFuture<>();
			}
			return this.waiting;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * End the thread. Nothing of it runs when this returns, unless the task ignores an
	 * interrupt.
	 * @param patience how long to wait for the task before it is interrupted, and again
	 * after that
	 */
	void close(Duration patience) {
		this.closed = true;
		Thread thread = running();
		if (thread != null) {
			Threads.end(thread, patience);
		}
	}

	private @Nullable Thread running() {
		this.lock.lock();
		try {
			return this.thread;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void work() {
		for (CompletableFuture<Void> run = next(); run != null; run = next()) {
			try {
				this.task.run();
			}
			catch (RuntimeException | Error ex) {
				SafeLog.warn("Thread %s goes on after an unexpected error".formatted(this.name), ex);
			}
			run.complete(null);
		}
	}

	private @Nullable CompletableFuture<Void> next() {
		this.lock.lock();
		try {
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
		finally {
			this.lock.unlock();
		}
	}

}
