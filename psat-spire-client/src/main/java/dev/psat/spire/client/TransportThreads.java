package dev.psat.spire.client;

import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The threads of a client, which all its channels share: daemons that end after being
 * idle for a second, so that nobody has to shut them down. There is no lock, as in a
 * {@link java.util.concurrent.ThreadPoolExecutor}: a {@link StackOverflowError} in a
 * thread of a caller would leave it behind, and all other callers would wait forever.
 */
final class TransportThreads implements Executor {

	private static final long RETRY_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	private final Executor threads;

	TransportThreads() {
		this(new Pool());
	}

	TransportThreads(Executor threads) {
		this.threads = threads;
	}

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	/**
	 * Run an uninterruptible task, so that nobody has to wait for it to end.
	 * @param <T> the type of the result
	 * @param task the task
	 * @return the future result
	 */
	<T> CompletableFuture<T> submit(Callable<T> task) {
		CompletableFuture<T> result = new CompletableFuture<>();
		execute(() -> {
			try {
				result.complete(task.call());
			}
			catch (Throwable ex) {
				fail(result, ex);
			}
		});
		return result;
	}

	/**
	 * Complete a future that somebody waits for, even if there is no memory left to do so
	 * at first.
	 * @param result the future
	 * @param cause why there is no result
	 */
	static void fail(CompletableFuture<?> result, Throwable cause) {
		while (true) {
			try {
				// passed on to whoever waits as it is, which takes no memory
				result.completeExceptionally(new CompletionException(cause));
				return;
			}
			catch (OutOfMemoryError ex) {
				// an interrupt would make it a busy loop
				Thread.interrupted();
				LockSupport.parkNanos(RETRY_INTERVAL);
			}
		}
	}

	/**
	 * Create a thread that inherits nothing from its creator: no thread locals, no
	 * context class loader, no priority. Neither do the threads of an HTTP client that is
	 * created on it.
	 */
	private static Thread create(Runnable task) {
		Thread thread = new Thread(null, task, "psat-spire-transport", 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		return thread;
	}

	/**
	 * The threads that have nothing to do are reused, the last one first.
	 */
	private static final class Pool implements Executor {

		private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();

		@Override
		public void execute(Runnable task) {
			for (Worker worker = this.idle.poll(); worker != null; worker = this.idle.poll()) {
				if (worker.takes(task)) {
					return;
				}
			}
			create(new Worker(this.idle, task)).start();
		}

	}

	/**
	 * What a thread does: one task after another, until there has been none for a second.
	 */
	static final class Worker implements Runnable {

		private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

		/** In place of a task, so that none is taken any more. */
		private static final Runnable OVER = () -> {
		};

		private final Deque<Worker> idle;

		private final AtomicReference<@Nullable Runnable> next;

		private volatile @Nullable Thread thread;

		Worker(Deque<Worker> idle, Runnable first) {
			this.idle = idle;
			this.next = new AtomicReference<>(first);
		}

		boolean takes(Runnable task) {
			boolean taken = this.next.compareAndSet(null, task);
			LockSupport.unpark(this.thread);
			return taken;
		}

		@Override
		public void run() {
			this.thread = Thread.currentThread();
			for (Runnable task = next(); task != OVER; task = next()) {
				this.next.set(null);
				task.run();
				this.idle.push(this);
			}
			this.idle.remove(this);
		}

		private Runnable next() {
			long began = System.nanoTime();
			while (true) {
				// an interrupt of the last task does not concern the next one
				Thread.interrupted();
				Runnable next = this.next.get();
				if (next != null) {
					return next;
				}
				long left = PATIENCE - (System.nanoTime() - began);
				if (left > 0) {
					LockSupport.parkNanos(this, left);
				}
				else {
					this.next.compareAndSet(null, OVER);
				}
			}
		}

	}

}
