package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

import dev.psat.token.SourceState;

/**
 * Writers that are not kubelet.
 */
final class WriterFaults {

	private WriterFaults() {
	}

	static List<Fault> all() {
		return List.of(
				new Fault(19, "file emptied, then written", Effect.NONE,
						(world, random) -> writer(world).rewrite(world.announce(world.mint().token()), Duration.ZERO)),
				new Fault(20, "file written in pieces", Effect.NONE,
						(world, random) -> writer(world).rewrite(world.announce(world.mint().token()),
								Duration.ofMillis(random.nextInt(50)))),
				new Fault(21, "file written over", Effect.NONE,
						(world, random) -> writer(world).overwrite(world.announce(world.mint().token()),
								Duration.ofMillis(random.nextInt(50)))),
				new Fault(22, "file renamed over a file", Effect.NONE, (world, random) -> renameOver(world)),
				new Fault(23, "write that stops half-way", Effect.trouble(SourceState.MALFORMED),
						(world, random) -> writeHalf(world)),
				new Fault(24, "file deleted", Effect.trouble(SourceState.MISSING),
						(world, random) -> world.volume().removeToken()),
				new Fault(26, "link of the user's deleted and made again", Effect.NONE,
						(world, random) -> relink(world)),
				new Fault(28, "JSON in place of a token", Effect.trouble(SourceState.MALFORMED),
						(world, random) -> Files.writeString(world.volume().replaceLinkByFile(world.newest()),
								"{\"token\":\"%s\"}".formatted(world.newest()))));
	}

	private static SloppyWriter writer(World world) throws IOException {
		return new SloppyWriter(world.volume().replaceLinkByFile(world.newest()), world.ledger());
	}

	private static void renameOver(World world) throws IOException {
		Path file = world.volume().replaceLinkByFile(world.newest());
		Path next = Files.writeString(file.resolveSibling("next"), world.announce(world.mint().token()));
		Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void writeHalf(World world) throws IOException {
		String token = world.mint().token();
		Files.writeString(world.volume().replaceLinkByFile(world.newest()),
				token.substring(0, token.lastIndexOf('.') / 2));
	}

	private static void relink(World world) throws IOException {
		Files.delete(world.volume().userLink());
		World.pause(Duration.ofMillis(100));
		Files.createSymbolicLink(world.volume().userLink(), world.volume().path());
		world.publish();
	}

}
