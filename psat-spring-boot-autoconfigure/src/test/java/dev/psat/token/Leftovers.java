package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What sources can leave behind: threads of theirs and of their watch services, and
 * descriptors.
 */
final class Leftovers {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private final long descriptorsBefore = descriptors();

	private final long watchThreadsBefore = threads("FileSystemWatch").size();

	void expectNone() {
		SourceTorture.soon().untilAsserted(() -> {
			assertThat(threads("psat-token-")).isEmpty();
			assertThat(threads("FileSystemWatch").size()).isLessThanOrEqualTo((int) this.watchThreadsBefore);
			assertThat(descriptors()).isLessThanOrEqualTo(this.descriptorsBefore);
		});
	}

	static List<Thread> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(prefix))
			.toList();
	}

	private static long descriptors() {
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

	private static boolean isInotify(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().contains("inotify");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
