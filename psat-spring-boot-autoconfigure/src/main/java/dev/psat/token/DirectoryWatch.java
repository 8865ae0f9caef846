package dev.psat.token;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Waits for an event in any of some directories, whichever it is. Belongs to one thread.
 * <p>
 * To register, to cancel and to close are requests to the thread of the JDK's watch
 * service, which is waited for without end. That thread can have died, so that a helper
 * makes the requests, and a service that does not answer is given up.
 */
final class DirectoryWatch implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final @Nullable WatchServices services;

	private final long retryNanos;

	private final Duration patience;

	/** By the identity of the directory, since another one can take its place. */
	private final Map<Object, WatchKey> keys = new HashMap<>();

	private @Nullable WatchService service;

	private boolean complete;

	private boolean failed;

	private long failedAt;

	/**
	 * Create a watch.
	 * @param services where watch services come from, {@code null} to do without events
	 * @param retry after which time a watch service that was not to be had is tried again
	 * @param patience how long a watch service may take to answer
	 */
	DirectoryWatch(@Nullable WatchServices services, Duration retry, Duration patience) {
		this.services = services;
		this.retryNanos = retry.toNanos();
		this.patience = patience;
	}

	/**
	 * Return whether the JDK's watch services tell of events. Elsewhere they compare
	 * directories at intervals, as a poll does.
	 * @param operatingSystem the value of the system property {@code os.name}
	 * @return whether to use them
	 */
	static boolean isWorthwhile(String operatingSystem) {
		return operatingSystem.startsWith("Linux") || operatingSystem.startsWith("Windows");
	}

	/**
	 * Watch these directories and no others.
	 * @param directories the directories
	 * @return whether one of them was not watched before, so that a change in it may have
	 * gone unnoticed
	 */
	boolean cover(Set<WatchedDirectory> directories) {
		WatchService service = (this.service != null) ? this.service : open();
		if (service == null) {
			return false;
		}
		Map<Object, WatchedDirectory> missing = directories.stream()
			.collect(Collectors.toMap(WatchedDirectory::identity, (directory) -> directory, (one, other) -> one));
		List<WatchKey> stale = new ArrayList<>();
		this.keys.forEach((identity, key) -> {
			if (!key.isValid() || missing.remove(identity) == null) {
				stale.add(key);
			}
		});
		this.keys.values().removeAll(stale);
		if (missing.isEmpty() && stale.isEmpty()) {
			return false;
		}
		Map<Object, WatchKey> registered = ask(service, () -> {
			stale.forEach(WatchKey::cancel);
			return register(service, missing.values());
		});
		if (registered == null) {
			return false;
		}
		this.keys.putAll(registered);
		this.complete = registered.size() == missing.size();
		return !registered.isEmpty();
	}

	/**
	 * Wait for an event.
	 * @param time how long to wait at most
	 * @return whether there was one
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean await(Duration time) throws InterruptedException {
		WatchService service = this.service;
		if (service == null) {
			TimeUnit.NANOSECONDS.sleep(time.toNanos());
			return false;
		}
		try {
			boolean event = false;
			for (WatchKey key = service.poll(time.toNanos(), TimeUnit.NANOSECONDS); key != null; key = service.poll()) {
				event = true;
				key.pollEvents();
				key.reset();
			}
			return event;
		}
		catch (ClosedWatchServiceException ex) {
			forget();
			return false;
		}
	}

	WatchMode mode() {
		return (this.service != null && this.complete) ? WatchMode.EVENTS : WatchMode.POLLING;
	}

	/**
	 * End all watching. It begins anew with the next {@link #cover(Set)}.
	 */
	@Override
	public void close() {
		WatchService service = forget();
		if (service != null) {
			ask(service, () -> {
				close(service);
				return true;
			});
		}
	}

	private @Nullable WatchService forget() {
		WatchService service = this.service;
		this.service = null;
		this.keys.clear();
		this.complete = false;
		return service;
	}

	private <T> @Nullable T ask(WatchService service, Callable<T> request) {
		try {
			return Helper.call(request, this.patience, () -> close(service));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof ClosedWatchServiceException) {
				forget();
			}
			else {
				doWithout("the watch service of the JDK failed: " + ex.getCause());
			}
		}
		catch (TimeoutException ex) {
			doWithout("the watch service of the JDK has not answered for %d ms".formatted(this.patience.toMillis()));
		}
		catch (InterruptedException ex) {
			forget();
		}
		return null;
	}

	private static void close(WatchService service) {
		try {
			service.close();
		}
		catch (IOException ex) {
			logger.debug("Could not close a watch service", ex);
		}
	}

	private static Map<Object, WatchKey> register(WatchService service, Iterable<WatchedDirectory> directories) {
		Map<Object, WatchKey> registered = new HashMap<>();
		for (WatchedDirectory directory : directories) {
			try {
				registered.put(directory.identity(),
						directory.path()
							.register(service, StandardWatchEventKinds.ENTRY_CREATE,
									StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE));
			}
			catch (IOException | UnsupportedOperationException | SecurityException ex) {
				// polling sees to it; the next look tries again
			}
		}
		return registered;
	}

	private @Nullable WatchService open() {
		if (this.services == null || (this.failed && System.nanoTime() - this.failedAt < this.retryNanos)) {
			return null;
		}
		try {
			this.service = this.services.open();
			if (this.failed) {
				logger.info("File events are to be had again");
			}
			this.failed = false;
		}
		catch (IOException | UnsupportedOperationException | OutOfMemoryError ex) {
			doWithout(ex.getMessage());
		}
		return this.service;
	}

	private void doWithout(@Nullable String reason) {
		forget();
		if (!this.failed) {
			logger.info(LogMessage.format("Noticing changes by polling alone, without file events: %s", reason));
		}
		this.failed = true;
		this.failedAt = System.nanoTime();
	}

	/**
	 * Opens watch services.
	 */
	interface WatchServices {

		WatchService open() throws IOException;

	}

}
