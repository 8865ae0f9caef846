package dev.psat.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place where a volume can be.
 *
 * @param name its name in a table
 * @param directory a directory there
 */
public record Medium(String name, Path directory) {

	private static final String TMPFS = "tmpfs";

	private static final List<Path> PLACES = List.of(Path.of("/dev/shm"), Path.of("benchmarks", "target"),
			Path.of(System.getProperty("java.io.tmpdir")));

	/**
	 * Return the media of this machine: memory, in which kubelet creates its volumes, and
	 * disk.
	 * @return one medium or two
	 */
	public static List<Medium> all() {
		return Stream.of(true, false).flatMap((memory) -> first(memory).stream()).toList();
	}

	/**
	 * Return the medium that is most like kubelet's.
	 * @return memory, or disk if memory cannot be written to
	 */
	public static Medium likeKubelets() {
		return all().get(0);
	}

	public boolean isMemory() {
		return this.name.equals(TMPFS);
	}

	private static List<Medium> first(boolean memory) {
		return PLACES.stream()
			.filter(Files::isWritable)
			.map((place) -> new Medium(name(place), place.toAbsolutePath()))
			.filter((medium) -> medium.isMemory() == memory)
			.limit(1)
			.toList();
	}

	private static String name(Path place) {
		try {
			String type = Files.getFileStore(place).type();
			return type.equals(TMPFS) ? TMPFS : "disk (%s)".formatted(type);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
