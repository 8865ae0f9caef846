package dev.psat.file.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import dev.psat.concurrent.internal.Time;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LinkedFile}.
 */
class LinkedFileTests {

	private static final int LARGEST = 1024;

	@TempDir
	Path directory;

	@Test
	void fileOfAProjectedVolumeIsWhole() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(this.directory).build()) {
			LinkedFile.Content content = read(kubelet.tokenPath());
			assertThat(content.whole()).isTrue();
			assertThat(content.pinned()).isFalse();
			assertThat(new String(content.bytes(), StandardCharsets.US_ASCII)).isEqualTo(kubelet.token());
		}
	}

	@Test
	void plainFileInPlaceOfTheLinkIsNeverTakenForWhole() throws Exception {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(this.directory).build()) {
			Path path = kubelet.tokenPath();
			Path link = this.directory.resolve("link");
			Path plain = this.directory.resolve("plain");
			Thread swapper = new Thread(() -> {
				try {
					while (!Thread.currentThread().isInterrupted()) {
						Files.writeString(plain, "torn");
						Files.move(plain, path, StandardCopyOption.ATOMIC_MOVE);
						Files.createSymbolicLink(link, Path.of("..data/spire-agent"));
						Files.move(link, path, StandardCopyOption.ATOMIC_MOVE);
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			swapper.start();
			try {
				LinkedFile file = new LinkedFile(path, LARGEST, Time.ofSystem());
				for (int read = 0; read < 20_000; read++) {
					LinkedFile.Content content = file.read().content();
					if (content != null && content.whole()) {
						assertThat(content.bytes().length).isNotEqualTo(4);
					}
				}
			}
			finally {
				swapper.interrupt();
				swapper.join();
			}
		}
	}

	@Test
	void anyOtherFileIsQuietOnceItIsASecondOld() throws IOException {
		Path file = this.directory.resolve("token");
		await().untilAsserted(() -> {
			Files.writeString(file, "a");
			assertThat(read(file).quiet()).isFalse();
		});
		assertThat(read(file).whole()).isFalse();
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(2)));
		assertThat(read(file).quiet()).isTrue();
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
		assertThat(read(file).quiet()).isFalse();
	}

	@Test
	void readsNoMoreThanOneByteTooMany() throws IOException {
		Path file = Files.write(this.directory.resolve("token"), new byte[1024 * 1024]);
		assertThat(read(file).bytes()).hasSize(LARGEST + 1);
	}

	@Test
	void namesWhatIsMissing() throws IOException {
		Path nothing = this.directory.resolve("nothing/at/all");
		assertThat(problem(nothing))
			.isEqualTo(new WatchedFile.Problem(WatchedFile.Problem.Kind.MISSING, "There is no file " + nothing));
		Path dangling = Files.createSymbolicLink(this.directory.resolve("dangling"), Path.of("nowhere"));
		assertThat(problem(dangling)).isEqualTo(
				new WatchedFile.Problem(WatchedFile.Problem.Kind.MISSING, dangling + " is a link that leads nowhere"));
	}

	@Test
	void namesWhatCannotBeRead() throws IOException {
		assertThat(problem(this.directory)).isEqualTo(
				new WatchedFile.Problem(WatchedFile.Problem.Kind.UNREADABLE, this.directory + " is a directory"));
		Path loop = this.directory.resolve("loop");
		Files.createSymbolicLink(loop, Path.of("loop"));
		assertThat(problem(loop).kind()).isEqualTo(WatchedFile.Problem.Kind.UNREADABLE);
		Path file = Files.writeString(this.directory.resolve("token"), "a");
		assertThat(problem(file.resolve("token")).kind()).isEqualTo(WatchedFile.Problem.Kind.UNREADABLE);
		assertThat(problem(this.directory.resolve("x".repeat(300))).kind())
			.isEqualTo(WatchedFile.Problem.Kind.UNREADABLE);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void fileThatIsUnlinkedIsPinned() throws IOException {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(this.directory).build()) {
			Path path = kubelet.subPath();
			assertThat(read(path).pinned()).isFalse();
			String token = kubelet.token();
			kubelet.rotate();
			assertThat(read(path).pinned()).isTrue();
			assertThat(new String(read(path).bytes(), StandardCharsets.US_ASCII)).isEqualTo(token);
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void knowsMountPoints() {
		assertThat(LinkedFile.MountTable.isMountPoint(Path.of("/proc"))).isTrue();
		assertThat(LinkedFile.MountTable.isMountPoint(this.directory.resolve("none"))).isFalse();
	}

	@Test
	void interruptDoesNotDisturbARead() throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), "a");
		Thread.currentThread().interrupt();
		assertThat(read(file).bytes()).containsExactly('a');
		assertThat(Thread.interrupted()).isTrue();
	}

	private static LinkedFile.Content read(Path path) {
		LinkedFile.Reading reading = new LinkedFile(path, LARGEST, Time.ofSystem()).read();
		assertThat(reading.problem()).isNull();
		LinkedFile.Content content = reading.content();
		assertThat(content).isNotNull();
		return content;
	}

	private static WatchedFile.Problem problem(Path path) {
		LinkedFile.Reading reading = new LinkedFile(path, LARGEST, Time.ofSystem()).read();
		assertThat(reading.content()).isNull();
		WatchedFile.Problem problem = reading.problem();
		assertThat(problem).isNotNull();
		return problem;
	}

}
