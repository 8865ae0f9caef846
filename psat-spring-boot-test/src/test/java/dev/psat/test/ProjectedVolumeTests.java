package dev.psat.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.support.Patience;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ProjectedVolume}.
 */
class ProjectedVolumeTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T22:08:05.9Z"), ZoneOffset.UTC);

	private static final String TIMESTAMPED = "\\.\\.2026_11_24_22_08_05\\.\\d+";

	@TempDir
	@SuppressWarnings("NullAway.Init") // JUnit sets it
	private Path directory;

	private ProjectedVolume volume = new ProjectedVolume(Path.of("unset"), "token", CLOCK);

	@BeforeEach
	void createVolume() {
		this.volume = new ProjectedVolume(this.directory, "token", CLOCK);
	}

	@Test
	void writeMakesLinksToTimestampedDirectory() throws IOException {
		write("one");
		assertThat(entries()).hasSize(3).contains("..data", "token").anyMatch((name) -> name.matches(TIMESTAMPED));
		assertThat(Files.readSymbolicLink(this.directory.resolve("token"))).isEqualTo(Path.of("..data/token"));
		assertThat(Files.readSymbolicLink(this.directory.resolve("..data")).toString()).matches(TIMESTAMPED);
		assertThat(this.volume.itemPath()).isEqualTo(this.directory.resolve("token")).hasContent("one");
	}

	@Test
	void writeAgainReplacesTimestampedDirectory() throws IOException {
		write("one");
		Path first = Files.readSymbolicLink(this.directory.resolve("..data"));
		write("two");
		assertThat(this.volume.itemPath()).hasContent("two");
		assertThat(entries()).hasSize(3).doesNotContain(first.toString());
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void writeIsSeenAsSixEventsOfWhichNoneNamesTheToken() throws Exception {
		write("one");
		String old = Files.readSymbolicLink(this.directory.resolve("..data")).toString();
		List<String> events = eventsOf(() -> write("two"), "DELETE " + old);
		String current = Files.readSymbolicLink(this.directory.resolve("..data")).toString();
		assertThat(events).containsExactly("CREATE " + current, "MODIFY " + current, "CREATE ..data_tmp",
				"DELETE ..data_tmp", "CREATE ..data", "DELETE " + old);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void writeForTheFirstTimeMakesTheUserVisibleLinkAfterTheSwap() throws Exception {
		List<String> events = eventsOf(() -> write("one"), "CREATE token");
		assertThat(events).endsWith("CREATE ..data_tmp", "DELETE ..data_tmp", "CREATE ..data", "CREATE token");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void writeOfEqualContentTouchesNothing() throws Exception {
		write("one");
		List<String> before = entries();
		List<String> events = eventsOf(() -> {
			write("one");
			Files.createFile(this.directory.resolve("end"));
		}, "CREATE end");
		assertThat(events).containsExactly("CREATE end");
		assertThat(entries()).containsAll(before);
	}

	@Test
	void writeOfEqualContentBringsMissingLinkBack() throws IOException {
		write("one");
		Path published = Files.readSymbolicLink(this.directory.resolve("..data"));
		this.volume.removeLink();
		write("one");
		assertThat(this.volume.itemPath()).hasContent("one");
		assertThat(Files.readSymbolicLink(this.directory.resolve("..data"))).isEqualTo(published);
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void writeSetsModesWhateverTheUmask() throws IOException {
		write("one");
		Path published = this.directory.resolve(Files.readSymbolicLink(this.directory.resolve("..data")));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(published))).isEqualTo("rwxr-xr-x");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.volume.itemPath())))
			.isEqualTo("rw-r--r--");
	}

	@Test
	void writeOfNestedItemLinksItsFirstDirectory() throws IOException {
		this.volume = new ProjectedVolume(this.directory, "psat/deep/token", CLOCK);
		write("one");
		write("two");
		assertThat(entries()).hasSize(3).contains("..data", "psat");
		assertThat(Files.readSymbolicLink(this.directory.resolve("psat"))).isEqualTo(Path.of("..data/psat"));
		assertThat(this.directory.resolve("psat/deep/token")).isEqualTo(this.volume.itemPath()).hasContent("two");
	}

	@Test
	void writeIntoDirectoryThatWasRemovedMakesItAgain() throws IOException {
		Path mount = this.directory.resolve("mount");
		this.volume = new ProjectedVolume(mount, "token", CLOCK);
		write("one");
		this.volume.delete();
		Files.delete(mount);
		write("two");
		assertThat(this.volume.itemPath()).hasContent("two");
	}

	@Test
	void writeWhenForeignFileIsInTheWayLeavesItThere() throws IOException {
		write("one");
		Path foreign = createFile("..data_tmp");
		List<String> before = entries();
		assertThat(catchWrite("two")).isInstanceOf(IOException.class);
		assertThat(foreign).exists();
		assertThat(this.volume.itemPath()).hasContent("one");
		assertThat(entries()).containsExactlyInAnyOrderElementsOf(before);
		Files.delete(foreign);
		write("two");
		assertThat(this.volume.itemPath()).hasContent("two");
	}

	@Test
	void writeThatFailsHalfWayLeavesNothingBehind() throws IOException {
		this.volume = new ProjectedVolume(this.directory, "t".repeat(300), CLOCK);
		assertThat(catchWrite("one")).isInstanceOf(IOException.class);
		assertThat(entries()).isEmpty();
	}

	@Test
	void writeWhenForeignDirectoryIsInTheWayLeavesNothingOfItsOwnBehind() throws IOException {
		write("one");
		Path precious = createFile("..data_tmp/precious");
		List<String> before = entries();
		assertThat(catchWrite("two")).isInstanceOf(IOException.class);
		assertThat(precious).hasContent("precious");
		assertThat(entries()).containsExactlyInAnyOrderElementsOf(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "../elsewhere", "/absolute", "elsewhere", "..elsewhere/nested", ".", "..", "..data",
			"..data_tmp" })
	void writeWhenDataIsNotALinkOfAVolumeTouchesNothing(String target) throws IOException {
		Path mount = Files.createDirectory(this.directory.resolve("mount"));
		List<Path> precious = new ArrayList<>();
		for (String place : List.of("elsewhere", "mount/elsewhere", "mount/..elsewhere/nested")) {
			precious.add(createFile(place + "/precious"));
		}
		String resolvedTarget = target.replace("/absolute", this.directory.resolve("elsewhere").toString());
		Files.createSymbolicLink(mount.resolve("..data"), Path.of(resolvedTarget));
		assertTouchesNothing(mount, "a link to '" + resolvedTarget + "'");
		assertThat(precious).allSatisfy((file) -> assertThat(file).hasContent("precious"));
	}

	@Test
	void writeWhereDataIsADirectoryTouchesNothing() throws IOException {
		Path precious = createFile("mount/..data/precious");
		assertTouchesNothing(this.directory.resolve("mount"), "not a symbolic link");
		assertThat(precious).hasContent("precious");
	}

	private void assertTouchesNothing(Path mount, String found) throws IOException {
		Files.createSymbolicLink(mount.resolve("token"), Path.of("..data/token"));
		this.volume = new ProjectedVolume(mount, "token", CLOCK);
		List<Path> before = walk(mount);
		assertThat(List.<ThrowingCallable>of(this.volume::checkPlaceIsFree, () -> write("one"), this.volume::delete))
			.allSatisfy((operation) -> {
				assertThatIllegalStateException().isThrownBy(operation)
					.withMessageContaining("'%s' is %s", mount.resolve("..data"), found)
					.withMessageContaining("Remove it, or choose another directory");
				assertThat(walk(mount)).isEqualTo(before);
			});
	}

	@Test
	void deleteRemovesOnlyItsOwn() throws IOException {
		Files.createFile(this.directory.resolve("other"));
		write("one");
		this.volume.delete();
		assertThat(entries()).containsExactly("other");
	}

	@Test
	void checkPlaceIsFreeWhenTakenThrowsException() throws IOException {
		Files.createFile(this.directory.resolve("token"));
		assertThatIllegalStateException().isThrownBy(this.volume::checkPlaceIsFree).withMessageContaining("token");
	}

	@Test
	void checkPlaceIsFreeWhenEarlierVolumeIsThereAcceptsIt() throws IOException {
		write("one");
		assertThatNoException().isThrownBy(this.volume::checkPlaceIsFree);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/token", "../token", "..token", "a/../token", "a//token", "token/", "./token", "a\0b" })
	void checkItemPathWhenNoVolumeCanHoldItThrowsException(String itemPath) {
		assertThatIllegalArgumentException().isThrownBy(() -> ProjectedVolume.checkItemPath(itemPath))
			.withMessageStartingWith("'itemPath' must ");
	}

	@Test
	void checkItemPathWhenTooLongThrowsException() {
		String longest = "ü".repeat(127) + "x";
		assertThatNoException().isThrownBy(() -> ProjectedVolume.checkItemPath("psat/" + longest));
		assertThatIllegalArgumentException().isThrownBy(() -> ProjectedVolume.checkItemPath("psat/x" + longest));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ProjectedVolume.checkItemPath("psat/".repeat(819) + "xy"));
	}

	private void write(String content) throws IOException {
		this.volume.write(content.getBytes(StandardCharsets.UTF_8));
	}

	private Throwable catchWrite(String content) {
		return catchThrowable(() -> write(content));
	}

	private Path createFile(String path) throws IOException {
		Path file = this.directory.resolve(path);
		Files.createDirectories(file.getParent());
		return Files.writeString(file, "precious");
	}

	private static List<Path> walk(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			return paths.sorted().toList();
		}
	}

	private List<String> entries() throws IOException {
		try (Stream<Path> entries = Files.list(this.directory)) {
			return entries.map((entry) -> entry.getFileName().toString()).toList();
		}
	}

	private List<String> eventsOf(FileOperations operations, String last) throws Exception {
		List<String> events = new ArrayList<>();
		try (WatchService watchService = this.directory.getFileSystem().newWatchService()) {
			this.directory.register(watchService, StandardWatchEventKinds.ENTRY_CREATE,
					StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
			operations.run();
			while (!events.contains(last)) {
				WatchKey key = watchService.poll(Patience.SECONDS, TimeUnit.SECONDS);
				assertThat(key).as("%s after %s", last, events).isNotNull();
				for (WatchEvent<?> event : key.pollEvents()) {
					events.add(event.kind().name().replace("ENTRY_", "") + " " + event.context());
				}
				key.reset();
			}
		}
		return events;
	}

	@FunctionalInterface
	private interface FileOperations {

		void run() throws IOException;

	}

}
