package dev.psat.file.internal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.Time;
import dev.psat.token.SourceLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DirectoryWatch}.
 */
class DirectoryWatchTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(50);

	@TempDir
	Path directory;

	private final List<WatchService> opened = new ArrayList<>();

	@AutoClose
	final SourceLog log = new SourceLog();

	private boolean exhausted;

	@AutoClose
	DirectoryWatch watch = new DirectoryWatch(this::open, Duration.ofMillis(1), LONG, Runnable::run, Time.ofSystem());

	@Test
	void hearsOfAnyChange() throws Exception {
		assertThat(this.watch.isComplete()).isFalse();
		assertThat(cover(this.directory)).isTrue();
		assertThat(cover(this.directory)).isFalse();
		assertThat(this.watch.isComplete()).isTrue();
		assertThat(this.watch.await(SHORT)).isFalse();
		Files.createFile(this.directory.resolve("a"));
		assertThat(this.watch.await(LONG)).isTrue();
	}

	@Test
	void watchesWhatIsCoveredAndNothingElse() throws Exception {
		Path one = Files.createDirectory(this.directory.resolve("one"));
		Path other = Files.createDirectory(this.directory.resolve("other"));
		cover(one);
		assertThat(cover(other)).isTrue();
		Files.createFile(one.resolve("a"));
		assertThat(this.watch.await(SHORT)).isFalse();
		Files.createFile(other.resolve("a"));
		assertThat(this.watch.await(LONG)).isTrue();
	}

	@Test
	void directoryThatWasReplacedIsWatchedAnew() throws Exception {
		Path mount = Files.createDirectory(this.directory.resolve("mount"));
		cover(mount);
		Files.move(mount, this.directory.resolve("gone"));
		Files.createDirectory(mount);
		assertThat(cover(mount)).isTrue();
		Files.createFile(mount.resolve("a"));
		assertThat(this.watch.await(LONG)).isTrue();
	}

	@Test
	void directoryThatWasDeletedIsWatchedAnew() throws Exception {
		Path mount = Files.createDirectory(this.directory.resolve("mount"));
		cover(mount);
		Files.delete(mount);
		assertThat(this.watch.await(LONG)).isTrue();
		assertThat(cover(mount)).isFalse();
		assertThat(this.watch.isComplete()).isFalse();
		Files.createDirectory(mount);
		assertThat(cover(mount)).isTrue();
		assertThat(this.watch.isComplete()).isTrue();
	}

	@Test
	void overflowIsAnEventLikeAnyOther() throws Exception {
		cover(this.directory);
		for (int file = 0; file < 2000; file++) {
			Files.createFile(this.directory.resolve("f" + file));
		}
		assertThat(this.watch.await(LONG)).isTrue();
		while (this.watch.await(SHORT)) {
			assertThat(this.watch.isComplete()).isTrue();
		}
		Files.createFile(this.directory.resolve("one more"));
		assertThat(this.watch.await(LONG)).isTrue();
	}

	@Test
	void directoryThatCannotBeWatchedMeansPolling() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThat(cover(this.directory, file)).isTrue();
		assertThat(this.watch.isComplete()).isFalse();
	}

	@Test
	void withoutWatchServiceItPollsAndTriesAgain() throws Exception {
		this.exhausted = true;
		for (int look = 0; look < 3; look++) {
			assertThat(cover(this.directory)).isFalse();
			assertThat(this.watch.await(SHORT)).isFalse();
		}
		assertThat(this.watch.isComplete()).isFalse();
		this.exhausted = false;
		assertThat(cover(this.directory)).isTrue();
		assertThat(this.watch.isComplete()).isTrue();
		assertThat(this.log.infos()).containsExactly(
				"Noticing changes by polling alone, without file events: User limit of inotify instances reached",
				"File events are available again");
	}

	@Test
	void serviceThatSomebodyClosedIsReplaced() throws Exception {
		cover(this.directory);
		this.opened.get(0).close();
		assertThat(this.watch.await(LONG)).isFalse();
		assertThat(this.watch.isComplete()).isFalse();
		assertThat(cover(this.directory)).isTrue();
		this.opened.get(1).close();
		Path other = Files.createDirectory(this.directory.resolve("other"));
		assertThat(cover(other)).isFalse();
		assertThat(cover(other)).isTrue();
		assertThat(this.watch.isComplete()).isTrue();
	}

	@Test
	void modeFollowsWhatIsWatched() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		cover(this.directory, file);
		assertThat(this.watch.isComplete()).isFalse();
		assertThat(cover(this.directory)).isFalse();
		assertThat(this.watch.isComplete()).isTrue();
		assertThat(cover()).isFalse();
		assertThat(this.watch.isComplete()).isFalse();
	}

	@Test
	void serviceThatDoesNotAnswerIsGivenUp() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		DirectoryWatch watch = new DirectoryWatch(() -> new SilentWatchService(never), Duration.ofMinutes(1), SHORT,
				Runnable::run, Time.ofSystem());
		assertThat(watch.cover(Map.of())).isFalse();
		watch.close();
		assertThat(watch.isComplete()).isFalse();
		assertThat(watch.cover(Map.of())).isFalse();
		assertThat(watch.isComplete()).isFalse();
		assertThat(this.log.infos()).containsExactly("Noticing changes by polling alone, without file events: "
				+ "the watch service of the JDK has not answered for 50 ms");
		never.countDown();
	}

	@ParameterizedTest
	@CsvSource({ "Linux, true", "Windows 11, true", "Mac OS X, false", "AIX, false", "FreeBSD, false" })
	void watchServicesThatPollAreNotUsed(String operatingSystem, boolean worthwhile) {
		assertThat(DirectoryWatch.isWorthwhile(operatingSystem)).isEqualTo(worthwhile);
	}

	private boolean cover(Path... directories) throws IOException {
		Map<Object, Path> watched = new HashMap<>();
		for (Path directory : directories) {
			Object identity = Files.exists(directory) ? Files.getAttribute(directory, "unix:ino") : "gone";
			watched.put(identity, directory);
		}
		return this.watch.cover(watched);
	}

	private WatchService open() throws IOException {
		if (this.exhausted) {
			throw new IOException("User limit of inotify instances reached");
		}
		WatchService service = FileSystems.getDefault().newWatchService();
		this.opened.add(service);
		return service;
	}

	/**
	 * Behaves as one whose thread has died.
	 *
	 * @param never what it waits for
	 */
	private record SilentWatchService(CountDownLatch never) implements WatchService {

		@Override
		public void close() {
			try {
				this.never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public @Nullable WatchKey poll() {
			return null;
		}

		@Override
		public @Nullable WatchKey poll(long timeout, TimeUnit unit) {
			return null;
		}

		@Override
		public WatchKey take() {
			throw new UnsupportedOperationException();
		}

	}

}
