package dev.psat.file.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The file at a path, opened anew for each read since kubelet replaces it. Not
 * thread-safe.
 */
public final class LinkedFile {

	/**
	 * The path can vanish for an instant between two links, when kubelet swaps the
	 * directory behind it.
	 */
	private static final int ATTEMPTS = 10;

	private static final int QUIET_MILLIS = 1000;

	private final Path path;

	private final int largest;

	private @Nullable Object mountCheckedFor;

	private boolean mountPoint;

	/** Of a content that is larger than the largest, one byte more is read. */
	public LinkedFile(Path path, int largest) {
		this.path = path;
		this.largest = largest;
	}

	/** May never return. */
	public Reading read() {
		long began = System.nanoTime();
		@Nullable Path endBefore = null;
		for (int attempt = 1; true; attempt++) {
			LinkPath link = LinkPath.follow(this.path);
			try {
				FileContent content = content(link);
				if (link.complete() || link.end().equals(endBefore) || attempt == ATTEMPTS) {
					return Reading.of(link, content, began);
				}
			}
			catch (NoSuchFileException ex) {
				if (attempt == ATTEMPTS) {
					return Reading.of(link, missing(link), began);
				}
			}
			catch (AccessDeniedException ex) {
				return Reading.of(link, unreadable("permission denied"), began);
			}
			catch (IrregularFileException ex) {
				return Reading.of(link, new Problem(false, String.valueOf(ex.getMessage())), began);
			}
			catch (FileSystemException ex) {
				return Reading.of(link, unreadable(Objects.requireNonNullElse(ex.getReason(), "unknown reason")),
						began);
			}
			catch (IOException | RuntimeException | Error ex) {
				return Reading.of(link, unreadable(ex.getClass().getName()), began);
			}
			endBefore = link.end();
		}
	}

	private FileContent content(LinkPath link) throws IOException {
		boolean whole = link.complete() && link.throughData();
		// not through the path again, which could now lead to a file that is not whole
		Path file = whole ? link.end() : this.path;
		BasicFileAttributes before = attributes(file);
		if (!before.isRegularFile()) {
			// opening a FIFO would never return
			throw new IrregularFileException(
					"%s is %s".formatted(this.path, before.isDirectory() ? "a directory" : "not a regular file"));
		}
		byte[] bytes;
		try (InputStream in = Files.newInputStream(file)) {
			bytes = in.readNBytes(this.largest + 1);
		}
		BasicFileAttributes after = whole ? before : attributes(file);
		return new FileContent(bytes, after.size(), after.lastModifiedTime(), whole, isQuiet(before, after),
				!whole && isPinned(link, after));
	}

	private static BasicFileAttributes attributes(Path file) throws IOException {
		return Files.readAttributes(file, BasicFileAttributes.class);
	}

	/** Uses the system clock, as the file system does. */
	private static boolean isQuiet(BasicFileAttributes before, BasicFileAttributes after) {
		return before.size() == after.size() && before.lastModifiedTime().equals(after.lastModifiedTime())
				&& System.currentTimeMillis() - after.lastModifiedTime().toMillis() > QUIET_MILLIS;
	}

	private boolean isPinned(LinkPath link, BasicFileAttributes attributes) throws IOException {
		if (this.path.getFileSystem().supportedFileAttributeViews().contains("unix")
				&& Files.getAttribute(this.path, "unix:nlink").equals(0)) {
			return true;
		}
		Object fileKey = attributes.fileKey();
		if (fileKey == null || !fileKey.equals(this.mountCheckedFor)) {
			this.mountCheckedFor = fileKey;
			this.mountPoint = link.complete() && MountTable.isMountPoint(link.end());
		}
		return this.mountPoint;
	}

	private Problem missing(LinkPath link) {
		if (!link.complete() && Files.isRegularFile(link.end())) {
			// newer JDKs do not distinguish this from a missing file
			return unreadable("Not a directory");
		}
		boolean dangling = Files.exists(this.path, LinkOption.NOFOLLOW_LINKS);
		return new Problem(true,
				dangling ? "%s is a link that leads nowhere".formatted(this.path) : "There is no file " + this.path);
	}

	private Problem unreadable(String reason) {
		return new Problem(false, "%s cannot be read: %s".formatted(this.path, reason));
	}

	/**
	 * A content or a problem, and the {@link System#nanoTime()} at both ends of the read.
	 */
	public record Reading(LinkPath link, @Nullable FileContent content, @Nullable Problem problem, long began,
			long ended) {

		static Reading of(LinkPath link, FileContent content, long began) {
			return new Reading(link, content, null, began, System.nanoTime());
		}

		static Reading of(LinkPath link, Problem problem, long began) {
			return new Reading(link, null, problem, began, System.nanoTime());
		}

	}

	/** Why there is no content: the message is a sentence without a full stop. */
	public record Problem(boolean missing, String message) {

	}

	/** The path leads to something that must not be opened. */
	private static final class IrregularFileException extends IOException {

		IrregularFileException(String message) {
			super(message);
		}

	}

}
