package dev.psat.file.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.psat.concurrent.internal.Threads;
import dev.psat.concurrent.internal.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch service of the JDK that may not answer. Registering, canceling and closing are
 * requests to the service's own thread. The JDK waits for that thread indefinitely, even
 * if it has died, so each request has a thread of its own, for which we wait for a
 * bounded time.
 */
final class PatientWatchService {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.token.TokenSource");

	private final WatchService service;

	private final Duration patience;

	private final Time time;

	PatientWatchService(WatchService service, Duration patience, Time time) {
		this.service = service;
		this.patience = patience;
		this.time = time;
	}

	/**
	 * Cancel keys and watch other directories. One that cannot be watched is left out. If
	 * the service fails or does not answer in time, it is abandoned, and closed if it
	 * answers after all.
	 */
	Map<Object, WatchKey> exchange(Collection<WatchKey> stale, Map<Object, Path> directories)
			throws IOException, InterruptedException {
		return ask(() -> {
			for (WatchKey key : stale) {
				key.cancel();
			}
			Map<Object, WatchKey> keys = new HashMap<>();
			for (Map.Entry<Object, Path> directory : directories.entrySet()) {
				register(directory.getKey(), directory.getValue(), keys);
			}
			return keys;
		});
	}

	boolean await(Duration time) throws InterruptedException {
		boolean event = false;
		for (WatchKey key = this.service.poll(time.toNanos(), TimeUnit.NANOSECONDS); key != null; key = this.service
			.poll()) {
			event = true;
			key.pollEvents();
			key.reset();
		}
		return event;
	}

	void close() throws IOException, InterruptedException {
		try {
			ask(() -> {
				this.service.close();
				return true;
			});
		}
		catch (OutOfMemoryError ex) {
			// no helper: better wait for a thread that is most likely alive than leave it
			// behind
			this.service.close();
		}
	}

	private void register(Object identity, Path directory, Map<Object, WatchKey> keys) {
		try {
			keys.put(identity, directory.register(this.service, StandardWatchEventKinds.ENTRY_CREATE,
					StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE));
		}
		catch (IOException | UnsupportedOperationException | SecurityException ex) {
			// polling covers it; the next look tries again
		}
	}

	private <T> T ask(Callable<T> request) throws IOException, InterruptedException {
		CompletableFuture<T> answer = new CompletableFuture<>();
		this.time.start(Threads.create("psat-token-helper", () -> answer(request, answer)));
		try {
			return await(answer);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof ClosedWatchServiceException closed) {
				throw closed;
			}
			throw new IOException("the watch service of the JDK failed: " + ex.getCause());
		}
	}

	private <T> T await(CompletableFuture<T> answer) throws IOException, ExecutionException, InterruptedException {
		try {
			return this.time.await(answer, this.patience.toNanos());
		}
		catch (InterruptedException ex) {
			if (answer.cancel(false)) {
				throw ex;
			}
		}
		catch (TimeoutException ex) {
			if (answer.cancel(false)) {
				throw new IOException(
						"the watch service of the JDK has not answered for %d ms".formatted(this.patience.toMillis()));
			}
		}
		return answer.get();
	}

	private <T> void answer(Callable<T> request, CompletableFuture<T> answer) {
		boolean taken = false;
		try {
			taken = answer.complete(request.call());
		}
		catch (Throwable ex) {
			answer.completeExceptionally(ex);
		}
		finally {
			if (!taken) {
				// it has failed, or nobody waits for it any longer
				closeQuietly();
			}
		}
	}

	private void closeQuietly() {
		try {
			this.service.close();
		}
		catch (IOException ex) {
			logger.debug("Could not close a watch service", ex);
		}
	}

}
