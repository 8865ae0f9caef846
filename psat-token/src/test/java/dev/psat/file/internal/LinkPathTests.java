package dev.psat.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LinkPath}.
 */
class LinkPathTests {

	private Path directory;

	@BeforeEach
	void resolveDirectory(@TempDir Path directory) throws IOException {
		this.directory = directory.toRealPath();
	}

	@Test
	void plainFileIsWatchedInItsDirectory() throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), "a");
		assertThat(LinkPath.follow(file)).satisfies((link) -> {
			assertThat(link.end()).isEqualTo(file);
			assertThat(link.complete()).isTrue();
			assertThat(link.throughData()).isFalse();
			assertThat(paths(link)).containsExactly(this.directory);
		});
	}

	@Test
	void projectedVolumeIsWatchedInItsMountDirectoryAlone() throws IOException {
		Path file = volume(this.directory, "token");
		assertThat(LinkPath.follow(file)).satisfies((link) -> {
			assertThat(link.end()).isEqualTo(this.directory.resolve("..2026_11_25/token"));
			assertThat(link.complete()).isTrue();
			assertThat(link.throughData()).isTrue();
			assertThat(paths(link)).containsExactly(this.directory);
		});
	}

	@Test
	void nestedItemIsWatchedInTheMountDirectoryAlone() throws IOException {
		volume(this.directory, "psat/token");
		LinkPath link = LinkPath.follow(this.directory.resolve("psat/token"));
		assertThat(link.throughData()).isTrue();
		assertThat(link.complete()).isTrue();
		assertThat(paths(link)).containsExactly(this.directory);
	}

	@Test
	void linkFromElsewhereIsWatchedToo() throws IOException {
		Path mount = Files.createDirectory(this.directory.resolve("mount"));
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Path link = Files.createSymbolicLink(elsewhere.resolve("link"), volume(mount, "token"));
		assertThat(paths(LinkPath.follow(link))).containsExactlyInAnyOrder(mount, elsewhere);
		Path relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("../mount/./token"));
		assertThat(paths(LinkPath.follow(relative))).containsExactlyInAnyOrder(mount, elsewhere);
		assertThat(LinkPath.follow(relative).throughData()).isTrue();
	}

	@Test
	void linkOutOfTheDataDirectoryIsNotThroughData() throws IOException {
		volume(this.directory, "token");
		Path plain = Files.writeString(Files.createDirectory(this.directory.resolve("plain")).resolve("file"), "a");
		Files.delete(this.directory.resolve("..2026_11_25/token"));
		Files.createSymbolicLink(this.directory.resolve("..2026_11_25/token"), plain);
		LinkPath link = LinkPath.follow(this.directory.resolve("token"));
		assertThat(link.throughData()).isFalse();
		assertThat(paths(link)).containsExactlyInAnyOrder(this.directory, plain.getParent());
	}

	@Test
	void pathThatEndsEarlyIsWatchedWhereItEnds() throws IOException {
		assertThat(LinkPath.follow(this.directory.resolve("a/b/c"))).satisfies((link) -> {
			assertThat(link.complete()).isFalse();
			assertThat(paths(link)).containsExactly(this.directory);
		});
		Path file = Files.writeString(this.directory.resolve("file"), "a");
		assertThat(paths(LinkPath.follow(file.resolve("token")))).containsExactly(this.directory);
		Path dangling = Files.createSymbolicLink(this.directory.resolve("dangling"), Path.of("nowhere/token"));
		assertThat(paths(LinkPath.follow(dangling))).containsExactly(this.directory);
	}

	@Test
	void nothingIsBelowAFile() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "a");
		Files.writeString(this.directory.resolve("token"), "a");
		LinkPath link = LinkPath.follow(file.resolve("..").resolve("token"));
		assertThat(link.complete()).isFalse();
		assertThat(paths(link)).containsExactly(this.directory);
	}

	@Test
	void loopEnds() throws IOException {
		Path loop = this.directory.resolve("loop");
		Files.createSymbolicLink(loop, Path.of("loop"));
		LinkPath link = LinkPath.follow(loop);
		assertThat(link.complete()).isFalse();
		assertThat(paths(link)).containsExactly(this.directory);
	}

	@Test
	void directoryThatTakesThePlaceOfAnotherHasAnotherIdentity() throws IOException {
		Path mount = Files.createDirectory(this.directory.resolve("mount"));
		Path file = volume(mount, "token");
		LinkPath before = LinkPath.follow(file);
		assertThat(LinkPath.follow(file)).isEqualTo(before);
		Files.move(mount, this.directory.resolve("gone"));
		volume(Files.createDirectory(mount), "token");
		LinkPath after = LinkPath.follow(file);
		assertThat(paths(after)).containsExactlyElementsOf(paths(before));
		assertThat(after.directories().keySet()).doesNotContainAnyElementsOf(before.directories().keySet());
	}

	private static Collection<Path> paths(LinkPath link) {
		return link.directories().values();
	}

	private static Path volume(Path mount, String item) throws IOException {
		Path file = mount.resolve("..2026_11_25").resolve(item);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "a");
		Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_11_25"));
		Path first = Path.of(item).getName(0);
		return Files.createSymbolicLink(mount.resolve(first), Path.of("..data").resolve(first));
	}

}
