package dev.psat.token;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Waits for an event in any of some directories, whichever it is. Belongs to one thread.
 */
final class DirectoryWatch implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final @Nullable WatchServices services;

	private final long retryNanos;

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
	 */
	DirectoryWatch(@Nullable WatchServices services, Duration retry) {
		this.services = services;
		this.retryNanos = retry.toNanos();
	}

	/**
	 * Watch these directories and no others.
	 * @param directories the directories
	 * @return whether one of them was not watched before, so that a change in it may have
	 * gone unnoticed
	 */
	boolean cover(Set<Path> directories) {
		WatchService service = (this.service != null) ? this.service : open();
		if (service == null) {
			return false;
		}
		try {
			return cover(service, directories);
		}
		catch (ClosedWatchServiceException ex) {
			close();
			return false;
		}
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
			close();
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
		this.keys.clear();
		this.complete = false;
		WatchService service = this.service;
		this.service = null;
		if (service != null) {
			try {
				service.close();
			}
			catch (IOException ex) {
				logger.debug("Could not close a watch service", ex);
			}
		}
	}

	private boolean cover(WatchService service, Set<Path> directories) {
		this.complete = true;
		Map<Object, Path> wanted = identify(directories);
		this.keys.entrySet().removeIf((watched) -> {
			boolean keep = wanted.containsKey(watched.getKey()) && watched.getValue().isValid();
			if (!keep) {
				watched.getValue().cancel();
			}
			return !keep;
		});
		boolean news = false;
		for (Map.Entry<Object, Path> directory : wanted.entrySet()) {
			if (!this.keys.containsKey(directory.getKey())) {
				news |= register(service, directory.getKey(), directory.getValue());
			}
		}
		return news;
	}

	private Map<Object, Path> identify(Set<Path> directories) {
		Map<Object, Path> identified = new HashMap<>();
		for (Path directory : directories) {
			try {
				Object fileKey = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
				identified.put((fileKey != null) ? fileKey : directory, directory);
			}
			catch (IOException ex) {
				// gone again: the next look finds another path
				this.complete = false;
			}
		}
		return identified;
	}

	private boolean register(WatchService service, Object identity, Path directory) {
		try {
			this.keys.put(identity, directory.register(service, StandardWatchEventKinds.ENTRY_CREATE,
					StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE));
			return true;
		}
		catch (IOException | UnsupportedOperationException | SecurityException ex) {
			this.complete = false;
			return false;
		}
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
			if (!this.failed) {
				logger.info(LogMessage.format("Noticing changes by polling alone, without file events: %s",
						ex.getMessage()));
			}
			this.failed = true;
			this.failedAt = System.nanoTime();
		}
		return this.service;
	}

	/**
	 * Opens watch services.
	 */
	interface WatchServices {

		WatchService open() throws IOException;

	}

}
