package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * The minimum that noticing takes on this machine: one event of a {@link WatchService}
 * and one read of the file, which is directly in the volume. Does not survive any
 * failure.
 */
final class Floor implements TokenReader {

	private static final Path SWAPPED = Path.of("..data");

	private final Path path;

	private final WatchService service;

	private volatile String token;

	Floor(Path token) throws IOException {
		this.path = token;
		this.token = Files.readString(this.path);
		this.service = this.path.getFileSystem().newWatchService();
		this.path.resolveSibling("").register(this.service, StandardWatchEventKinds.ENTRY_CREATE);
		Thread thread = new Thread(this::watch, "floor-watch");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public Object current() {
		return this.token;
	}

	@Override
	public boolean has(String token) {
		return this.token.equals(token);
	}

	@Override
	public void close() throws IOException {
		this.service.close();
	}

	private void watch() {
		try {
			while (true) {
				WatchKey key = this.service.take();
				boolean swapped = false;
				for (WatchEvent<?> event : key.pollEvents()) {
					swapped |= SWAPPED.equals(event.context());
				}
				key.reset();
				if (swapped) {
					this.token = Files.readString(this.path);
				}
			}
		}
		catch (ClosedWatchServiceException | InterruptedException ex) {
			// the end
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
