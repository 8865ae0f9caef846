package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.psat.token.SourceState;

import org.springframework.util.FileSystemUtils;

/**
 * Faults caused by kubelet itself.
 */
final class SwapFaults {

	private static final Duration STORM = Duration.ofMillis(500);

	private SwapFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault(1, "one swap", Effect.NONE, (world, random) -> world.publish()),
				new Fault(2, "swaps back to back", Effect.NONE, (world, random) -> swap(world, 300, 0)),
				new Fault(8, "swap of the same token", Effect.NONE,
						(world, random) -> world.volume().write(world.newest() + "\n")),
				new Fault(9, "link before its target", Effect.trouble(SourceState.MISSING),
						(world, random) -> removeTarget(world)),
				new Fault(11, "three tokens in a row", Effect.NONE,
						(world, random) -> swap(world, 3, random.nextInt(400))),
				new Fault(12, "the token before comes back", Effect.NONE, SwapFaults::restore),
				new Fault(13, "expired token in the file", Effect.trouble(SourceState.STALE),
						(world, random) -> world.volume().write(world.mint().issuedBefore(Duration.ofMinutes(15)))),
				new Fault(14, "token that expires sooner", Effect.NONE,
						(world, random) -> world.publish(world.mint().lasting(Duration.ofMinutes(2)))),
				new Fault(15, "swap in two steps, as on Windows", Effect.NONE,
						(world, random) -> swapInTwoSteps(world, random.nextInt(50))),
				new Fault(17, "storm of modes and times", Effect.NONE, (world, random) -> storm(world)),
				new Fault(18, "a swap every tenth of a second", Effect.NONE, (world, random) -> swap(world, 10, 100)));
	}

	private static void swap(World world, int times, int pauseMillis) {
		for (int swap = 0; swap < times; swap++) {
			world.publish();
			World.pause(Duration.ofMillis(pauseMillis));
		}
	}

	private static void removeTarget(World world) throws IOException {
		Path data = world.volume().mount().resolve("..data");
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
		Path next = Files.createDirectory(world.volume().mount().resolve("..in_two_steps_" + world.ledger().last()));
		Files.writeString(next.resolve(world.volume().path().getFileName()), world.announce(world.mint().token()));
		removeTarget(world);
		World.pause(Duration.ofMillis(pauseMillis));
		Files.createSymbolicLink(world.volume().mount().resolve("..data"), next.getFileName());
	}

	private static void storm(World world) throws IOException {
		Path noise = Files.createFile(world.volume().mount().resolve("noise"));
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

}
