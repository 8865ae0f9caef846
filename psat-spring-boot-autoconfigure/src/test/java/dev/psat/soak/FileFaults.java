package dev.psat.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SloppyWriter;
import dev.psat.token.SourceState;

import org.springframework.util.FileSystemUtils;

/**
 * What kubelet, other writers and directories do to the file.
 */
final class FileFaults {

	private static final Duration STORM = Duration.ofMillis(500);

	private FileFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault("one swap", Effect.NONE, (world, random) -> world.publish()),
				new Fault("swaps back to back", Effect.NONE, (world, random) -> swap(world, 300, 0)),
				new Fault("swap of the same token", Effect.NONE,
						(world, random) -> world.volume.write(world.newest() + "\n")),
				new Fault("link before its target", Effect.problem(SourceState.MISSING),
						(world, random) -> removeTarget(world)),
				new Fault("three tokens in a row", Effect.NONE, (world, random) -> swap(world, 3, random.nextInt(400))),
				new Fault("the token before comes back", Effect.NONE, FileFaults::restore),
				new Fault("expired token in the file", Effect.problem(SourceState.STALE),
						(world, random) -> world.volume.write(world.mint.issuedBefore(Duration.ofMinutes(15)))),
				new Fault("token that expires sooner", Effect.NONE,
						(world, random) -> world.publish(world.mint.lasting(Duration.ofMinutes(2)))),
				new Fault("swap in two steps, as on Windows", Effect.NONE,
						(world, random) -> swapInTwoSteps(world, random.nextInt(50))),
				new Fault("storm of modes and times", Effect.NONE, (world, random) -> storm(world)),
				new Fault("a swap every tenth of a second", Effect.NONE, (world, random) -> swap(world, 10, 100)),
				new Fault("file emptied, then written", Effect.NONE,
						(world, random) -> write(world, (writer, token) -> writer.rewrite(token, Duration.ZERO))),
				new Fault("file written in pieces", Effect.NONE,
						(world, random) -> write(world,
								(writer, token) -> writer.rewrite(token, Duration.ofMillis(random.nextInt(50))))),
				new Fault("file written over", Effect.NONE,
						(world, random) -> write(world,
								(writer, token) -> writer.overwrite(token, Duration.ofMillis(random.nextInt(50))))),
				new Fault("file renamed over a file", Effect.NONE, (world, random) -> renameOver(world)),
				new Fault("write that stops half-way", Effect.problem(SourceState.MALFORMED),
						(world, random) -> writeHalf(world)),
				new Fault("file deleted", Effect.problem(SourceState.MISSING),
						(world, random) -> world.volume.removeToken()),
				new Fault("link of the user's deleted and made again", Effect.NONE, (world, random) -> relink(world)),
				new Fault("JSON in place of a token", Effect.problem(SourceState.MALFORMED),
						(world, random) -> Files.writeString(world.volume.replaceLinkByFile(world.newest()),
								"{\"token\":\"%s\"}".formatted(world.newest()))),
				new Fault("link of the user's leads to another mount", Effect.NONE, (world, random) -> retarget(world)),
				new Fault("directory removed", Effect.problem(SourceState.MISSING),
						(world, random) -> FileSystemUtils.deleteRecursively(world.volume.mount())),
				new Fault("directory renamed, another in its place", Effect.NONE,
						(world, random) -> replaceDirectory(world)));
	}

	private static void swap(World world, int times, int pauseMillis) {
		for (int swap = 0; swap < times; swap++) {
			world.publish();
			World.pause(Duration.ofMillis(pauseMillis));
		}
	}

	private static void removeTarget(World world) throws IOException {
		Path data = world.volume.mount().resolve("..data");
		Path target = data.toRealPath();
		Files.delete(data);
		FileSystemUtils.deleteRecursively(target);
	}

	private static void restore(World world, Random random) {
		String before = world.newest();
		world.publish();
		World.pause(Duration.ofMillis(random.nextInt(200)));
		world.publish(before);
	}

	private static void swapInTwoSteps(World world, int pauseMillis) throws IOException {
		Path next = Files.createDirectory(world.volume.mount().resolve("..in_two_steps_" + world.ledger.last()));
		Files.writeString(next.resolve(world.volume.path().getFileName()), world.announce(world.mint.token()));
		removeTarget(world);
		World.pause(Duration.ofMillis(pauseMillis));
		Files.createSymbolicLink(world.volume.mount().resolve("..data"), next.getFileName());
	}

	private static void storm(World world) throws IOException {
		Path noise = Files.createFile(world.volume.mount().resolve("noise"));
		long end = System.nanoTime() + STORM.toNanos();
		for (int change = 0; System.nanoTime() < end; change++) {
			Files.setPosixFilePermissions(noise,
					PosixFilePermissions.fromString((change % 2 == 0) ? "rw-------" : "rw-r--r--"));
			Files.setLastModifiedTime(noise, FileTime.fromMillis(change));
			if (change == 100) {
				world.publish();
			}
		}
		Files.delete(noise);
	}

	/**
	 * Write as a writer does that takes its time.
	 */
	private static void write(World world, Writing writing) throws IOException {
		SloppyWriter writer = new SloppyWriter(world.volume.replaceLinkByFile(world.newest()));
		writing.write(writer, world.announce(world.mint.token()));
		writer.rested().forEach(world.ledger::rested);
	}

	private static void renameOver(World world) throws IOException {
		Path file = world.volume.replaceLinkByFile(world.newest());
		Path next = Files.writeString(file.resolveSibling("next"), world.announce(world.mint.token()));
		Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void writeHalf(World world) throws IOException {
		String token = world.mint.token();
		Files.writeString(world.volume.replaceLinkByFile(world.newest()),
				token.substring(0, token.lastIndexOf('.') / 2));
	}

	private static void relink(World world) throws IOException {
		Files.delete(world.volume.userLink());
		World.pause(Duration.ofMillis(100));
		Files.createSymbolicLink(world.volume.userLink(), world.volume.path());
		world.publish();
	}

	private static void retarget(World world) throws IOException {
		try (SimulatedKubelet other = SimulatedKubelet.builder()
			.directory(world.volume.root().resolve("other"))
			.build()) {
			publishInBoth(world, other);
			retargetTo(world.volume.userLink(), other.tokenPath());
			world.await(Effect.NONE);
			publishInBoth(world, other);
			world.await(Effect.NONE);
			retargetTo(world.volume.userLink(), world.volume.path());
		}
	}

	private static void publishInBoth(World world, SimulatedKubelet other) {
		String token = world.announce(world.mint.token());
		other.write(token.getBytes(StandardCharsets.US_ASCII));
		world.volume.write(token);
	}

	private static void retargetTo(Path link, Path target) throws IOException {
		Path next = Files.createSymbolicLink(link.resolveSibling("next"), target);
		Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void replaceDirectory(World world) throws IOException {
		Path moved = Files.move(world.volume.mount(), world.volume.root().resolve("moved"));
		world.publish();
		FileSystemUtils.deleteRecursively(moved);
	}

	/**
	 * Writes a token in its own way.
	 */
	private interface Writing {

		void write(SloppyWriter writer, String token) throws IOException;

	}

}
