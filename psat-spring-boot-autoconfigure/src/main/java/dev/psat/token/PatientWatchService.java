package dev.psat.token;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A watch service of the JDK that may not answer. To register, to cancel and to close are
 * requests to a thread of its own, for which the JDK waits without end; but that thread
 * can have died. So a helper makes the requests, with bounded patience.
 */
final class PatientWatchService {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final WatchService service;

	private final Duration patience;

	PatientWatchService(WatchService service, Duration patience) {
		this.service = service;
		this.patience = patience;
	}

	/**
	 * Cancel keys, and watch other directories. One that cannot be watched is left out.
	 * @param stale the keys to cancel
	 * @param directories the directories to watch
	 * @return the keys of those that are watched now, by the identity of the directory
	 * @throws IOException if the service fails or does not answer: then it is given up,
	 * and closed if it answers after all
	 * @throws ClosedWatchServiceException if somebody closed it
	 * @throws InterruptedException if the waiting is interrupted, with the same effect
	 */
	Map<Object, WatchKey> exchange(Collection<WatchKey> stale, Map<Object, Path> directories)
			throws IOException, InterruptedException {
		return ask(() -> {
			stale.forEach(WatchKey::cancel);
			Map<Object, WatchKey> keys = new HashMap<>();
			directories.forEach((identity, directory) -> register(identity, directory, keys));
			return keys;
		});
	}

	/**
	 * Wait for an event.
	 * @param time how long to wait at most
	 * @return whether there was one
	 * @throws ClosedWatchServiceException if somebody closed the service
	 * @throws InterruptedException if the thread is interrupted
	 */
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

	/**
	 * Close the service.
	 * @throws IOException if it fails or does not answer
	 * @throws InterruptedException if the waiting is interrupted; the helper goes on
	 */
	void close() throws IOException, InterruptedException {
		try {
			ask(() -> {
				this.service.close();
				return true;
			});
		}
		catch (OutOfMemoryError ex) {
			// no helper: better wait for a thread that is most likely there than leave it
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
			// polling sees to it; the next look tries again
		}
	}

	private <T> T ask(Callable<T> request) throws IOException, InterruptedException {
		try {
			return Helper.call(request, this.patience, this::closeQuietly);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof ClosedWatchServiceException closed) {
				throw closed;
			}
			throw new IOException("the watch service of the JDK failed: " + ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new IOException(
					"the watch service of the JDK has not answered for %d ms".formatted(this.patience.toMillis()));
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
