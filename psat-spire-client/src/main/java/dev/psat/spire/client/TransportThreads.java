package dev.psat.spire.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a channel: daemons that end when there has been nothing to do for a
 * second, so that nobody has to shut them down.
 */
final class TransportThreads implements Executor {

	private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), TransportThreads::create);

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	/**
	 * Run what cannot be interrupted, so that nobody has to wait for its end.
	 * @param <T> type of the result
	 * @param task what to run
	 * @return the result to come
	 */
	<T> CompletableFuture<T> submit(Callable<T> task) {
		CompletableFuture<T> result = new CompletableFuture<>();
		execute(() -> {
			try {
				result.complete(task.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

	/**
	 * Create a thread that has nothing of its creator: no inheritable thread locals, no
	 * context class loader, no priority. Neither have those that an HTTP client starts
	 * when it is made on it.
	 */
	private static Thread create(Runnable task) {
		Thread thread = new Thread(null, task, "psat-spire-transport", 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		return thread;
	}

}
