package dev.psat.spire.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Daemons that end after being idle for a second, so that nobody has to shut them down.
 * They inherit no thread locals, context class loader or priority from their callers, and
 * neither do the threads of an HTTP client that is created on one.
 */
final class TransportThreads implements Executor {

	private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), TransportThreads::create);

	private static Thread create(Runnable task) {
		Thread thread = new Thread(null, task, "psat-spire-transport", 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		return thread;
	}

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	/** Run an uninterruptible task, so that nobody has to wait for it to end. */
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

}
