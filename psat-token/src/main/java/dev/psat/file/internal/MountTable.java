package dev.psat.file.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The mount points of this process.
 *
 * @see <a href=
 * "https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">/proc/pid/mountinfo</a>
 */
public final class MountTable {

	private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");

	private static final int MOUNT_POINT = 4;

	private MountTable() {
	}

	public static boolean isMountPoint(Path path) {
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
