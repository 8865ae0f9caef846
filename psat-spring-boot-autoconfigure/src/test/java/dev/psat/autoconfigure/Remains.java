package dev.psat.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a context can leave behind: our threads, and descriptors of file watches.
 */
final class Remains {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private final long inotifyBefore = inotify();

	/**
	 * Wait until no thread of ours is left, and no more watches than at first.
	 */
	void expectNothing() {
		await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
			assertThat(threads()).isEmpty();
			assertThat(inotify()).isLessThanOrEqualTo(this.inotifyBefore);
		});
	}

	static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("psat-"))
			.toList();
	}

	static long inotify() {
		if (!Files.isDirectory(DESCRIPTORS)) {
			return 0;
		}
		try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
			return descriptors.filter(Remains::isInotify).count();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether an inotify instance can be had: there are few, for all processes of
	 * a user together.
	 */
	static boolean canWatch() {
		try (WatchService service = DESCRIPTORS.getFileSystem().newWatchService()) {
			return service != null;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isInotify(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().contains("inotify");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
