package dev.psat.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A projected volume with one item, written by the same steps as in kubelet's
 * {@code AtomicWriter}. Not thread-safe.
 */
final class ProjectedVolume {

	private static final DateTimeFormatter TIMESTAMPED_DIRECTORY = DateTimeFormatter
		.ofPattern("'..'uuuu_MM_dd_HH_mm_ss'.'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final Path directory;

	private final Path item;

	private final Clock clock;

	private final DataLink data;

	private final Path link;

	private final Path linkTarget;

	ProjectedVolume(Path directory, String itemPath, Clock clock) {
		this.directory = directory;
		this.item = directory.getFileSystem().getPath(itemPath);
		this.clock = clock;
		this.data = new DataLink(directory);
		this.link = directory.resolve(this.item.getName(0));
		this.linkTarget = directory.getFileSystem().getPath(DataLink.NAME).resolve(this.item.getName(0));
	}

	/**
	 * Check a path as {@code AtomicWriter} does before it writes.
	 * @param itemPath the path of the item in the volume
	 * @throws IllegalArgumentException if a projected volume cannot hold such an item
	 */
	static void checkItemPath(String itemPath) {
		Assert.isTrue(!itemPath.startsWith("/"), "'itemPath' must be relative");
		Assert.isTrue(!itemPath.startsWith(".."), "'itemPath' must not start with '..'");
		Assert.isTrue(lengthOf(itemPath) <= 4096, "'itemPath' must not be longer than 4096 bytes");
		Assert.isTrue(itemPath.indexOf('\0') < 0, "'itemPath' must not contain a NUL character");
		for (String name : itemPath.split("/", -1)) {
			Assert.isTrue(!name.isEmpty(), "'itemPath' must not contain an empty name");
			Assert.isTrue(!name.equals(".") && !name.equals(".."), "'itemPath' must not contain '.' or '..'");
			Assert.isTrue(lengthOf(name) <= 255, "'itemPath' must not contain a name longer than 255 bytes");
		}
	}

	private static int lengthOf(String path) {
		return path.getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * Check that the places of the item and of the volume are not taken by anything else.
	 * @throws IOException if a link cannot be read
	 * @throws IllegalStateException if one is
	 */
	void checkPlaceIsFree() throws IOException {
		this.data.target();
		boolean free = Files.isSymbolicLink(this.link) ? Files.readSymbolicLink(this.link).equals(this.linkTarget)
				: Files.notExists(this.link, LinkOption.NOFOLLOW_LINKS);
		Assert.state(free, () -> "'%s' exists and is not a link of a projected volume".formatted(this.link));
	}

	Path itemPath() {
		return this.directory.resolve(this.item);
	}

	/**
	 * Return the entry of the mount directory that leads to the item: the item's own
	 * link, or that of the first directory on the way to it.
	 * @return its path
	 */
	Path link() {
		return this.link;
	}

	/**
	 * Publish new content. Equal content is not written again, but a missing link is
	 * always created.
	 * @param content the new content of the item
	 * @throws IOException if the volume cannot be written
	 * @throws IllegalStateException if {@code ..data} belongs to somebody else
	 */
	void write(byte[] content) throws IOException {
		Path old = this.data.target();
		if (old != null && holds(old.resolve(this.item), content)) {
			createLinkWhereMissing();
			return;
		}
		publish(content);
		try {
			createLinkWhereMissing();
		}
		finally {
			FileSystemUtils.deleteRecursively(old);
		}
	}

	private static boolean holds(Path file, byte[] content) throws IOException {
		try {
			return Arrays.equals(Files.readAllBytes(file), content);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private void publish(byte[] content) throws IOException {
		Files.createDirectories(this.directory);
		Path timestamped = Files.createTempDirectory(this.directory,
				TIMESTAMPED_DIRECTORY.format(this.clock.instant()));
		try {
			fill(timestamped, content);
			this.data.swap(timestamped);
		}
		catch (IOException | RuntimeException ex) {
			FileSystemUtils.deleteRecursively(timestamped);
			throw ex;
		}
	}

	private void fill(Path timestamped, byte[] content) throws IOException {
		setMode(timestamped, "rwxr-xr-x");
		Path file = timestamped.resolve(this.item);
		Files.createDirectories(file.getParent());
		Files.write(file, content);
		setMode(file, "rw-r--r--");
	}

	private static void setMode(Path path, String mode) throws IOException {
		PosixFileAttributeView attributes = Files.getFileAttributeView(path, PosixFileAttributeView.class);
		if (attributes != null) {
			attributes.setPermissions(PosixFilePermissions.fromString(mode));
		}
	}

	private void createLinkWhereMissing() throws IOException {
		if (!Files.isSymbolicLink(this.link)) {
			FileSystemUtils.deleteRecursively(this.link);
			Files.createSymbolicLink(this.link, this.linkTarget);
		}
	}

	void removeLink() throws IOException {
		if (Files.isSymbolicLink(this.link)) {
			Files.delete(this.link);
		}
		else {
			FileSystemUtils.deleteRecursively(this.link);
		}
	}

	void delete() throws IOException {
		if (!Files.isDirectory(this.directory)) {
			return;
		}
		Path published = this.data.target();
		removeLink();
		this.data.delete();
		FileSystemUtils.deleteRecursively(published);
	}

}
