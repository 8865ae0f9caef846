package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Writes to a file in place, in pieces, and pauses between them.
 */
final class SloppyWriter {

	/** How long a file must rest before the library accepts it. */
	private static final Duration REST = Duration.ofMillis(100);

	private final Path file;

	private final Ledger ledger;

	private long changedAt = System.nanoTime();

	SloppyWriter(Path file, Ledger ledger) {
		this.file = file;
		this.ledger = ledger;
	}

	/**
	 * Empty the file and fill it again, with a cut inside the claims and one inside the
	 * signature.
	 * @param token the content in the end
	 * @param pause how long to rest at each cut
	 * @throws IOException if that fails
	 */
	void rewrite(String token, Duration pause) throws IOException {
		change((channel) -> channel.truncate(0));
		overwrite(token, pause);
	}

	/**
	 * Overwrite what is there, so that the file holds a mixture for a while.
	 * @param token the content in the end
	 * @param pause how long to rest before each piece
	 * @throws IOException if that fails
	 */
	void overwrite(String token, Duration pause) throws IOException {
		int signature = token.lastIndexOf('.') + 1;
		int[] cuts = { 0, signature / 2, (signature + token.length()) / 2, token.length() };
		for (int piece = 1; piece < cuts.length; piece++) {
			World.pause(pause);
			int start = cuts[piece - 1];
			byte[] bytes = token.substring(start, cuts[piece]).getBytes(StandardCharsets.US_ASCII);
			change((channel) -> channel.write(ByteBuffer.wrap(bytes), start));
		}
	}

	private void change(Change change) throws IOException {
		String before = Files.readString(this.file, StandardCharsets.US_ASCII);
		long startedAt = System.nanoTime();
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			change.make(channel);
		}
		if (System.nanoTime() - this.changedAt >= REST.toNanos()) {
			this.ledger.rested(before);
		}
		this.changedAt = startedAt;
	}

	private interface Change {

		void make(FileChannel channel) throws IOException;

	}

}
