package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a volume can be.
 *
 * @param name what it is called in the table
 * @param directory a directory there
 */
record Medium(String name, Path directory) {

	private static final String TMPFS = "tmpfs";

	private static final List<Path> PLACES = List.of(Path.of("/dev/shm"), Path.of("benchmarks", "target"),
			Path.of(System.getProperty("java.io.tmpdir")));

	/**
	 * Return what this machine has: memory, of which kubelet makes its volumes, and disk.
	 * @return one medium or two
	 */
	static List<Medium> all() {
		return Stream.of(true, false).flatMap((memory) -> first(memory).stream()).toList();
	}

	private static List<Medium> first(boolean memory) {
		return PLACES.stream()
			.filter(Files::isWritable)
			.filter((place) -> type(place).equals(TMPFS) == memory)
			.map((place) -> new Medium(memory ? TMPFS : "disk (%s)".formatted(type(place)), place.toAbsolutePath()))
			.limit(1)
			.toList();
	}

	private static String type(Path place) {
		try {
			return Files.getFileStore(place).type();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
