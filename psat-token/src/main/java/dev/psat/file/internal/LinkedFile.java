package dev.psat.file.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Objects;

import dev.psat.concurrent.internal.Time;
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

	private final Time time;

	private @Nullable Object mountCheckedFor;

	private boolean mountPoint;

	/** Of a content that is larger than the largest, one byte more is read. */
	public LinkedFile(Path path, int largest, Time time) {
		this.path = path;
		this.largest = largest;
		this.time = time;
	}

	/** May never return. */
	public Reading read() {
		long began = this.time.nanos();
		@Nullable Path endBefore = null;
		for (int attempt = 1; true; attempt++) {
			LinkPath link = LinkPath.follow(this.path);
			try {
				Reading reading = read(link, began);
				if (link.complete() || link.end().equals(endBefore) || attempt == ATTEMPTS) {
					return reading;
				}
			}
			catch (NoSuchFileException ex) {
				if (attempt == ATTEMPTS) {
					return told(link, missing(link), began);
				}
			}
			catch (AccessDeniedException ex) {
				return told(link, unreadable("permission denied"), began);
			}
			catch (FileSystemException ex) {
				return told(link, unreadable(Objects.requireNonNullElse(ex.getReason(), "unknown reason")), began);
			}
			catch (IOException | RuntimeException ex) {
				return told(link, unreadable(ex.getClass().getName()), began);
			}
			endBefore = link.end();
		}
	}

	private Reading read(LinkPath link, long began) throws IOException {
		boolean whole = link.complete() && link.throughData();
		// not through the path again, which could now lead to a file that is not whole
		Path file = whole ? link.end() : this.path;
		BasicFileAttributes before = attributes(file);
		if (!before.isRegularFile()) {
			// opening a FIFO would never return
			return told(link, problem(
					"%s is %s".formatted(this.path, before.isDirectory() ? "a directory" : "not a regular file")),
					began);
		}
		byte[] bytes;
		try (InputStream in = Files.newInputStream(file)) {
			bytes = in.readNBytes(this.largest + 1);
		}
		BasicFileAttributes after = whole ? before : attributes(file);
		Content content = new Content(bytes, after.size(), after.lastModifiedTime(), whole, isQuiet(before, after),
				!whole && isPinned(link, after));
		return new Reading(link, content, null, began, this.time.nanos());
	}

	private Reading told(LinkPath link, WatchedFile.Problem problem, long began) {
		return new Reading(link, null, problem, began, this.time.nanos());
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

	private WatchedFile.Problem missing(LinkPath link) {
		if (!link.complete() && Files.isRegularFile(link.end())) {
			// newer JDKs do not distinguish this from a missing file
			return unreadable("Not a directory");
		}
		// a link that was made since leads to the file
		boolean dangling = Files.exists(this.path, LinkOption.NOFOLLOW_LINKS) && !Files.exists(this.path);
		return new WatchedFile.Problem(WatchedFile.Problem.Kind.MISSING,
				dangling ? "%s is a link that leads nowhere".formatted(this.path) : "There is no file " + this.path);
	}

	private WatchedFile.Problem unreadable(String reason) {
		return problem("%s cannot be read: %s".formatted(this.path, reason));
	}

	private static WatchedFile.Problem problem(String message) {
		return new WatchedFile.Problem(WatchedFile.Problem.Kind.UNREADABLE, message);
	}

	/**
	 * A content or a problem, and the {@link Time#nanos()} at both ends of the read.
	 */
	public record Reading(LinkPath link, @Nullable Content content, WatchedFile.@Nullable Problem problem, long began,
			long ended) {

	}

	/**
	 * The result of one read of the file.
	 *
	 * @param bytes the content, at most one byte more than the largest
	 * @param whole whether it is known to be whole because it appeared at the path in one
	 * piece
	 * @param quiet whether the file has been unchanged for over a second
	 * @param pinned whether the path can never show another file
	 */
	public record Content(byte[] bytes, long size, FileTime modified, boolean whole, boolean quiet, boolean pinned) {

		boolean isSameAs(Content other) {
			return this.size == other.size && this.modified.equals(other.modified)
					&& Arrays.equals(this.bytes, other.bytes);
		}

	}

	/**
	 * The mount points of this process.
	 *
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">/proc/pid/mountinfo</a>
	 */
	static final class MountTable {

		private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");

		private static final int MOUNT_POINT = 4;

		private MountTable() {
		}

		static boolean isMountPoint(Path path) {
			try (BufferedReader mounts = Files.newBufferedReader(MOUNT_INFO, StandardCharsets.ISO_8859_1)) {
				String mountPoint = escape(path.toString());
				return mounts.lines()
					.anyMatch((mount) -> mountPoint.equals(mount.split(" ", MOUNT_POINT + 2)[MOUNT_POINT]));
			}
			catch (IOException | RuntimeException ex) {
				// not Linux, or an unknown format: an unlinked file is still recognized
				return false;
			}
		}

		private static String escape(String path) {
			String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
			return bytes.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
		}

	}

}
