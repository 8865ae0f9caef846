package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * Directories that come, go, and are replaced.
 */
final class DirectoryFaults {

	private DirectoryFaults() {
	}

	static List<Fault> all() {
		return List.of(
				new Fault(27, "link of the user's leads to another mount", Effect.NONE,
						(world, random) -> retarget(world)),
				new Fault(29, "directory comes after the start", Effect.NONE, (world, random) -> comeLate(world)),
				new Fault(30, "directory removed", Effect.trouble(SourceState.MISSING),
						(world, random) -> FileSystemUtils.deleteRecursively(world.volume().mount())),
				new Fault(31, "directory renamed, another in its place", Effect.NONE,
						(world, random) -> replaceDirectory(world)),
				new Fault(35, "subPath mount", Effect.NONE, (world, random) -> pin(world)));
	}

	private static void retarget(World world) throws IOException {
		try (SimulatedKubelet other = SimulatedKubelet.builder()
			.directory(world.volume().root().resolve("other"))
			.build()) {
			publishInBoth(world, other);
			relink(world.volume().userLink(), other.tokenPath());
			world.await(Effect.NONE);
			publishInBoth(world, other);
			world.await(Effect.NONE);
			relink(world.volume().userLink(), world.volume().path());
		}
	}

	private static void publishInBoth(World world, SimulatedKubelet other) {
		String token = world.announce(world.mint().token());
		other.write(token.getBytes(StandardCharsets.US_ASCII));
		world.volume().write(token);
	}

	private static void relink(Path link, Path target) throws IOException {
		Path next = Files.createSymbolicLink(link.resolveSibling("next"), target);
		Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void comeLate(World world) throws Exception {
		Path directory = world.volume().root().resolve("late");
		try (Subject subject = open("soak/late", directory.resolve("mount/spire-agent"))) {
			await(subject, TokenState.NONE, SourceState.MISSING);
			try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(directory.resolve("mount")).build()) {
				await(subject, TokenState.VALID, SourceState.OK);
				Assert.state(subject.source().value().equals(kubelet.token()), "Not the token of the directory");
			}
		}
	}

	private static void replaceDirectory(World world) throws IOException {
		Path moved = Files.move(world.volume().mount(), world.volume().root().resolve("moved"));
		world.publish();
		FileSystemUtils.deleteRecursively(moved);
	}

	private static void pin(World world) throws Exception {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(world.volume().root().resolve("pinned"))
			.build()) {
			Path alone = kubelet.subPath();
			kubelet.rotate();
			try (Subject subject = open("soak/pinned", alone)) {
				await(subject, TokenState.VALID, SourceState.PINNED);
			}
		}
	}

	private static Subject open(String cluster, Path path) {
		return Subject.source(cluster, path, Clock.systemUTC(), true, Duration.ofSeconds(5));
	}

	private static void await(Subject subject, TokenState tokenState, SourceState sourceState) {
		boolean come = World.await(() -> {
			TokenStatus status = subject.source().status();
			return status.tokenState() == tokenState && status.sourceState() == sourceState;
		});
		Assert.state(come, () -> "%s did not reach %s %s but is %s".formatted(subject.cluster(), tokenState,
				sourceState, subject.source().status()));
	}

}
