package dev.psat.file.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.psat.concurrent.internal.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for an event in any of several directories. Confined to one thread. */
public final class DirectoryWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.token.TokenSource");

	private final @Nullable WatchServices services;

	private final long retryNanos;

	private final Duration patience;

	private final Executor lines;

	private final Time time;

	/** Keyed by the identity of the directory, since another can take its place. */
	private final Map<Object, WatchKey> keys = new HashMap<>();

	private @Nullable PatientWatchService service;

	private Map<Object, Path> covered = Collections.emptyMap();

	private boolean complete;

	private boolean failed;

	private long failedAt;

	/** Without {@code services}, it does without events. */
	public DirectoryWatch(@Nullable WatchServices services, Duration retry, Duration patience, Executor lines,
			Time time) {
		this.services = services;
		this.retryNanos = retry.toNanos();
		this.patience = patience;
		this.lines = lines;
		this.time = time;
	}

	/**
	 * Whether the JDK's watch services report events on this operating system. On others
	 * they compare directories at intervals, as a poll does.
	 */
	public static boolean isWorthwhile(String operatingSystem) {
		return operatingSystem.startsWith("Linux") || operatingSystem.startsWith("Windows");
	}

	/**
	 * Watch these directories, by their identity, and no others.
	 * @return whether one of them was not watched before, so that a change in it may have
	 * gone unnoticed
	 */
	public boolean cover(Map<Object, Path> directories) {
		PatientWatchService service = (this.service != null) ? this.service : open();
		if (service == null) {
			return false;
		}
		if (this.complete && directories.equals(this.covered) && areAllValid()) {
			// at rest this is all that happens, twelve times a minute
			return false;
		}
		Map<Object, Path> missing = new HashMap<>(directories);
		List<WatchKey> stale = new ArrayList<>();
		for (Map.Entry<Object, WatchKey> entry : this.keys.entrySet()) {
			WatchKey key = entry.getValue();
			if (!key.isValid() || missing.remove(entry.getKey()) == null) {
				stale.add(key);
			}
		}
		// until all are known to be watched
		this.complete = false;
		boolean news = (!missing.isEmpty() || !stale.isEmpty()) && exchange(service, stale, missing);
		this.complete = !directories.isEmpty() && this.keys.keySet().equals(directories.keySet());
		this.covered = directories;
		return news;
	}

	private boolean areAllValid() {
		for (WatchKey key : this.keys.values()) {
			if (!key.isValid()) {
				return false;
			}
		}
		return true;
	}

	/** Whether there was an event. */
	public boolean await(Duration time) throws InterruptedException {
		PatientWatchService service = this.service;
		if (service == null) {
			this.time.sleep(time.toNanos());
			return false;
		}
		try {
			return service.await(time);
		}
		catch (ClosedWatchServiceException ex) {
			forget();
			return false;
		}
	}

	public boolean isComplete() {
		return this.service != null && this.complete;
	}

	/** Stop watching. The next {@link #cover(Map)} starts again. */
	@Override
	public void close() {
		PatientWatchService service = this.service;
		forget();
		if (service != null) {
			try {
				service.close();
			}
			catch (IOException ex) {
				doWithout(ex.getMessage());
			}
			catch (InterruptedException ex) {
				// whoever interrupts is in a hurry
			}
		}
	}

	private boolean exchange(PatientWatchService service, List<WatchKey> stale, Map<Object, Path> directories) {
		this.keys.values().removeAll(stale);
		try {
			Map<Object, WatchKey> added = service.exchange(stale, directories);
			this.keys.putAll(added);
			if (this.failed && !added.isEmpty()) {
				this.failed = false;
				this.lines.execute(() -> logger.info("File events are available again"));
			}
			return !added.isEmpty();
		}
		catch (IOException ex) {
			doWithout(ex.getMessage());
		}
		catch (ClosedWatchServiceException | InterruptedException ex) {
			forget();
		}
		return false;
	}

	private void forget() {
		this.service = null;
		this.keys.clear();
		this.complete = false;
	}

	private @Nullable PatientWatchService open() {
		if (this.services == null || (this.failed && this.time.nanos() - this.failedAt < this.retryNanos)) {
			return null;
		}
		try {
			this.service = new PatientWatchService(this.services.open(), this.patience, this.time);
		}
		catch (IOException | UnsupportedOperationException | OutOfMemoryError ex) {
			doWithout(ex.getMessage());
		}
		return this.service;
	}

	private void doWithout(@Nullable String reason) {
		forget();
		if (!this.failed) {
			this.lines.execute(() -> logger.info("Noticing changes by polling alone, without file events: {}", reason));
		}
		this.failed = true;
		this.failedAt = this.time.nanos();
	}

	public interface WatchServices {

		WatchService open() throws IOException;

	}

}
