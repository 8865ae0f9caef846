package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.springframework.util.FileSystemUtils;

/**
 * A volume that is swapped with the file operations of kubelet's {@code AtomicWriter} and
 * reports the instant of each swap. The simulated kubelet of
 * {@code psat-spring-boot-test} does the same without reporting the instant. Confined to
 * one thread.
 */
final class TokenVolume implements AutoCloseable {

	private final Path directory;

	private final Path item;

	/**
	 * Create a volume in a directory of its own.
	 * @param parent where to create the directory
	 * @param item the path of the one file in the volume
	 * @param content the initial content
	 * @throws IOException if the volume cannot be written
	 */
	TokenVolume(Path parent, String item, byte[] content) throws IOException {
		this.directory = Files.createTempDirectory(parent, "volume-");
		this.item = Path.of(item);
		swap(content);
		Path first = this.item.getName(0);
		Files.createSymbolicLink(this.directory.resolve(first), Path.of("..data").resolve(first));
	}

	/**
	 * Return the path at which readers find the file.
	 * @return its absolute path
	 */
	Path path() {
		return this.directory.resolve(this.item);
	}

	/**
	 * Publish new content.
	 * @param content the new content of the file
	 * @return the {@link System#nanoTime()} just before the rename that published it
	 * @throws IOException if the volume cannot be written
	 */
	long swap(byte[] content) throws IOException {
		Path data = this.directory.resolve("..data");
		Path old = target(data);
		Path timestamped = Files.createTempDirectory(this.directory, "..2026_11_25_00_00_00.");
		Path file = timestamped.resolve(this.item);
		Files.createDirectories(file.getParent());
		Files.write(file, content);
		Path newData = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), timestamped.getFileName());
		long renamedAt = System.nanoTime();
		Files.move(newData, data, StandardCopyOption.ATOMIC_MOVE);
		if (!old.equals(data)) {
			FileSystemUtils.deleteRecursively(old);
		}
		return renamedAt;
	}

	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return where a link leads, or the link itself while it does not exist.
	 */
	private static Path target(Path link) throws IOException {
		try {
			return link.resolveSibling(Files.readSymbolicLink(link));
		}
		catch (NoSuchFileException ex) {
			return link;
		}
	}

}
