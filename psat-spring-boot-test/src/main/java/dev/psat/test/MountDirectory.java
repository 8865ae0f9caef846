package dev.psat.test;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * The directory that a volume is mounted at, which knows what to remove afterwards.
 */
final class MountDirectory {

	private final Path path;

	private final boolean temporary;

	private final List<Path> created;

	private MountDirectory(Path path, boolean temporary, List<Path> created) {
		this.path = path;
		this.temporary = temporary;
		this.created = created;
	}

	static MountDirectory temporary() throws IOException {
		Path path = Files.createTempDirectory("simulated-kubelet-");
		return new MountDirectory(path, true, List.of(path));
	}

	static MountDirectory at(Path directory) throws IOException {
		Path path = directory.toAbsolutePath();
		List<Path> missing = new ArrayList<>();
		for (@Nullable
		Path at = path; at != null && Files.notExists(at); at = at.getParent()) {
			missing.add(at);
		}
		Files.createDirectories(path);
		return new MountDirectory(path, false, missing);
	}

	Path path() {
		return this.path;
	}

	/**
	 * Delete a temporary directory with everything in it; for any other, delete the
	 * directories that were created for it and are empty.
	 * @throws IOException if that fails
	 */
	void delete() throws IOException {
		if (this.temporary) {
			FileSystemUtils.deleteRecursively(this.path);
			return;
		}
		try {
			for (Path directory : this.created) {
				Files.deleteIfExists(directory);
			}
		}
		catch (DirectoryNotEmptyException ex) {
			// somebody else has put something there
		}
	}

}
