package dev.psat.benchmarks.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux reports about this process and its user.
 */
final class Inotify {

	private Inotify() {
	}

	/**
	 * Return the targets of the open descriptors.
	 * @return the targets, one for each descriptor
	 * @throws IOException if they are not available, as on other systems
	 */
	static List<String> descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map(Inotify::target).toList();
		}
	}

	/**
	 * Return how many inotify instances a user may have.
	 * @return the number, in words if unknown
	 */
	static String limit() {
		try {
			// not Files.readString, which reads one byte at first and then finds the end
			return Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_user_instances")).get(0);
		}
		catch (IOException ex) {
			return "an unknown number of";
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// the descriptor that lists the others is closed by now
			return "";
		}
	}

}
