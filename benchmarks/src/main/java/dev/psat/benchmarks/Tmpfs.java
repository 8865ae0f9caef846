package dev.psat.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where files are in memory, as those of a projected volume are.
 */
public final class Tmpfs {

	private static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private Tmpfs() {
	}

	/**
	 * Return a directory in memory, or that of temporary files where there is none.
	 * @return an existing directory
	 */
	public static Path directory() {
		return isAvailable() ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
	}

	public static boolean isAvailable() {
		return Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
	}

}
