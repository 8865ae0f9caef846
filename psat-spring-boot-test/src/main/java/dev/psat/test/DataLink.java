package dev.psat.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * The {@code ..data} link of a mount directory, which leads to the published timestamped
 * directory. Its target is deleted after a swap, so any other link or file of that name
 * is refused.
 */
final class DataLink {

	static final String NAME = "..data";

	private static final String NEW_NAME = "..data_tmp";

	private static final Rename ATOMIC_RENAME = (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);

	private static final String UNSUPPORTED = """
			The simulated kubelet cannot run in '%s': it replaces a symbolic link to a directory by an atomic rename, \
			as kubelet does, but this system does not support that (%s). On Windows, use WSL or a container; or do \
			without the simulated kubelet and set 'spire.psat.token-path' to a plain file, written for instance by \
			'kubectl create token default --audience spire-server'.""";

	private final Path path;

	private final Path newPath;

	private final Rename rename;

	DataLink(Path directory) {
		this(directory, ATOMIC_RENAME);
	}

	private DataLink(Path directory, Rename rename) {
		this.path = directory.resolve(NAME);
		this.newPath = directory.resolve(NEW_NAME);
		this.rename = rename;
	}

	/**
	 * Check that a link to a directory can be replaced here, by replacing one.
	 * @param directory the mount directory
	 * @throws IOException if the directory cannot be written to
	 * @throws UnsupportedOperationException if the system cannot replace links
	 */
	static void checkSupport(Path directory) throws IOException {
		checkSupport(directory, ATOMIC_RENAME);
	}

	static void checkSupport(Path directory, Rename rename) throws IOException {
		Path trial = Files.createTempDirectory(directory, "..trial-");
		try {
			Path first = Files.createDirectory(trial.resolve("..first"));
			Path second = Files.createDirectory(trial.resolve("..second"));
			DataLink link = new DataLink(trial, rename);
			try {
				link.swap(first);
				link.swap(second);
			}
			catch (IOException | UnsupportedOperationException ex) {
				throw new UnsupportedOperationException(UNSUPPORTED.formatted(directory, ex), ex);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(trial);
		}
	}

	/**
	 * Return the published directory.
	 * @return the timestamped directory, or {@code null} if there is none yet
	 * @throws IOException if the link cannot be read
	 * @throws IllegalStateException if this is not a link that kubelet has created
	 */
	@Nullable Path target() throws IOException {
		if (!Files.isSymbolicLink(this.path)) {
			Assert.state(!Files.exists(this.path, LinkOption.NOFOLLOW_LINKS), () -> refusal("not a symbolic link"));
			return null;
		}
		Path target = Files.readSymbolicLink(this.path);
		Assert.state(isTimestampedDirectory(target), () -> refusal("a link to '%s'".formatted(target)));
		return this.path.resolveSibling(target);
	}

	private static boolean isTimestampedDirectory(Path target) {
		String name = target.toString();
		return !target.isAbsolute() && target.getNameCount() == 1 && name.startsWith("..") && !name.equals("..")
				&& !name.equals(NAME) && !name.equals(NEW_NAME);
	}

	private String refusal(String found) {
		return ("'%s' is %s, where a projected volume has a link to a sibling directory whose name starts with "
				+ "'..'. Nothing has been changed. Remove it, or choose another directory for the simulated kubelet.")
			.formatted(this.path, found);
	}

	void swap(Path timestamped) throws IOException {
		// not in the try block: an existing file belongs to somebody else
		Files.createSymbolicLink(this.newPath, timestamped.getFileName());
		try {
			this.rename.rename(this.newPath, this.path);
		}
		catch (IOException ex) {
			try {
				Files.deleteIfExists(this.newPath);
			}
			catch (IOException suppressed) {
				ex.addSuppressed(suppressed);
			}
			throw ex;
		}
	}

	void delete() throws IOException {
		Files.deleteIfExists(this.path);
	}

	@FunctionalInterface
	interface Rename {

		void rename(Path from, Path to) throws IOException;

	}

}
