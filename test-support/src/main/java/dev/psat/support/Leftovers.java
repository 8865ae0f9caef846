package dev.psat.support;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What sources and contexts can leave behind: our threads, those of watch services, and
 * descriptors of file watches.
 */
public final class Leftovers {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private final long inotifyBefore = inotify();

	private final int watchThreadsBefore = watchThreads();

	/**
	 * Wait until no thread of ours is left, and no more watches than at first.
	 */
	public void expectNone() {
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
			assertThat(RunningThreads.beginningWith("psat-")).isEmpty();
			assertThat(watchThreads()).isLessThanOrEqualTo(this.watchThreadsBefore);
			assertThat(inotify()).isLessThanOrEqualTo(this.inotifyBefore);
		});
	}

	private static int watchThreads() {
		return RunningThreads.beginningWith("FileSystemWatch").size();
	}

	public static long inotify() {
		if (!Files.isDirectory(DESCRIPTORS)) {
			return 0;
		}
		try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
			return descriptors.filter(Leftovers::isInotify).count();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether an inotify instance can be had: there are few, for all processes of
	 * a user together.
	 */
	public static boolean canWatch() {
		try (WatchService service = FileSystems.getDefault().newWatchService()) {
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
