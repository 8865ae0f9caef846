package dev.psat.file.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.psat.concurrent.internal.Threads;

/** Makes calls that may never return, each on a thread that ends with the call. */
final class Helper {

	private Helper() {
	}

	/**
	 * The helper runs the clean-up if the call fails, or returns when nobody waits for it
	 * any longer.
	 */
	static <T> T call(Callable<T> call, Duration patience, Runnable cleanUp)
			throws ExecutionException, TimeoutException, InterruptedException {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread helper = Threads.create("psat-token-helper", () -> {
			boolean taken = false;
			try {
				taken = complete(result, call);
			}
			finally {
				if (!taken) {
					cleanUp.run();
				}
			}
		});
		helper.start();
		try {
			helper.join(patience.toMillis());
		}
		catch (InterruptedException ex) {
			if (result.cancel(false)) {
				throw ex;
			}
		}
		if (!result.isDone() && result.cancel(false)) {
			throw new TimeoutException();
		}
		return result.get();
	}

	private static <T> boolean complete(CompletableFuture<T> result, Callable<T> call) {
		try {
			return result.complete(call.call());
		}
		catch (Throwable ex) {
			result.completeExceptionally(ex);
			return false;
		}
	}

}
