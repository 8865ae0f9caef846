package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.benchmarks.Medium;

import org.springframework.util.FileSystemUtils;

/**
 * Keeps what must be closed and deleted in the end, even if the run is aborted.
 */
final class Workplace implements AutoCloseable {

	private static final int ATTEMPTS = 20;

	private final List<Path> directories = new CopyOnWriteArrayList<>();

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	Workplace() {
		Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
	}

	Path directoryOn(Medium medium) throws IOException {
		Path directory = Files.createTempDirectory(medium.directory(), "psat-notice-");
		this.directories.add(directory);
		return directory;
	}

	<T extends AutoCloseable> T closing(T resource) {
		this.resources.push(resource);
		return resource;
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
		delete();
	}

	private void delete() {
		this.directories.forEach(Workplace::delete);
	}

	/**
	 * Delete a directory in which somebody may still be writing.
	 */
	private static void delete(Path directory) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				FileSystemUtils.deleteRecursively(directory);
				return;
			}
			catch (IOException ex) {
				Thread.onSpinWait();
			}
		}
	}

}
