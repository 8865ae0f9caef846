package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.psat.support.Matrix;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The path leads to the volume by links of the user's own, and to another one later.
 */
@Matrix
class LinkTortureTests extends SourceTorture {

	@AutoClose
	SimulatedKubelet one;

	@AutoClose
	SimulatedKubelet other;

	@BeforeEach
	void setUp() {
		this.one = SimulatedKubelet.builder().directory(this.directory.resolve("one")).build();
		this.other = SimulatedKubelet.builder().directory(this.directory.resolve("other")).build();
		this.source = countingSource(this.one.tokenPath());
	}

	@Test
	void linkElsewhere() throws IOException {
		Path links = Files.createDirectory(this.directory.resolve("links"));
		start(Files.createSymbolicLink(links.resolve("token"), this.one.tokenPath()));
		for (int rotation = 1; rotation <= 4; rotation++) {
			awaitToken(this.one.rotate());
			assertThat(Shown.watch(this.source.status()).rotations()).isEqualTo(rotation);
		}
	}

	@Test
	void linkThatIsRetargeted() throws IOException {
		Path links = Files.createDirectory(this.directory.resolve("links"));
		Path link = Files.createSymbolicLink(links.resolve("token"), this.one.tokenPath());
		start(link);
		replace(link, this.other.tokenPath());
		assertFollowsTheOther();
	}

	@Test
	void linkToADirectoryThatIsRetargeted() throws IOException {
		Path links = Files.createDirectory(this.directory.resolve("links"));
		Path link = Files.createSymbolicLink(links.resolve("mount"), Path.of("../one"));
		start(link.resolve("spire-agent"));
		replace(link, Path.of("../other"));
		assertFollowsTheOther();
	}

	@Test
	void linkThatIsRemovedAndMadeAgain() throws IOException {
		Path links = Files.createDirectory(this.directory.resolve("links"));
		Path link = Files.createSymbolicLink(links.resolve("token"), this.one.tokenPath());
		start(link);
		Files.delete(link);
		awaitState(SourceState.MISSING);
		assertThat(this.source.value()).isEqualTo(this.one.token());
		Files.createSymbolicLink(link, this.other.tokenPath());
		assertFollowsTheOther();
	}

	private void assertFollowsTheOther() {
		awaitToken(this.other.token());
		awaitToken(this.other.rotate());
		awaitToken(this.other.rotate());
		awaitQuiet();
		this.one.rotate();
		awaitQuiet();
		assertThat(this.source.value()).isEqualTo(this.other.token());
	}

	private void start(Path path) {
		this.source = countingSource(path);
		startWithEvents(this.source);
		awaitToken(this.one.token());
	}

	private static void replace(Path link, Path target) throws IOException {
		Path next = Files.createSymbolicLink(link.resolveSibling("next"), target);
		Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
	}

}
