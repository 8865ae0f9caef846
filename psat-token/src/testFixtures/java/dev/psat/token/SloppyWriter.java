package dev.psat.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes into a file in place, in pieces, and takes its time between them. Nothing can be
 * demanded of a reader when the machine lets the writer pause for longer than it meant
 * to, so what has rested for as long as a reader asks for is known.
 */
public final class SloppyWriter {

	private static final Duration REST = Intervals.withPoll(Duration.ofHours(1)).settling();

	private final Path file;

	private final Set<String> rested = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private long changedAt = System.nanoTime();

	public SloppyWriter(Path file) {
		this.file = file;
	}

	/**
	 * Empty the file and fill it again, with a cut inside the claims and one inside the
	 * signature.
	 */
	public void rewrite(String token, Duration pause) throws IOException {
		change((channel) -> channel.truncate(0));
		overwrite(token, pause);
	}

	/**
	 * Write over what is there, so that it is a mixture for a while.
	 */
	public void overwrite(String token, Duration pause) throws IOException {
		int signature = token.lastIndexOf('.') + 1;
		int[] cuts = { 0, signature / 2, (signature + token.length()) / 2, token.length() };
		for (int piece = 1; piece < cuts.length; piece++) {
			LockSupport.parkNanos(pause.toNanos());
			int start = cuts[piece - 1];
			byte[] bytes = token.substring(start, cuts[piece]).getBytes(StandardCharsets.US_ASCII);
			change((channel) -> channel.write(ByteBuffer.wrap(bytes), start));
		}
	}

	public Set<String> rested() {
		return this.rested;
	}

	private void change(Change change) throws IOException {
		this.lock.lock();
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			String before = Files.readString(this.file, StandardCharsets.US_ASCII);
			long startedAt = System.nanoTime();
			change.make(channel);
			if (System.nanoTime() - this.changedAt >= REST.toNanos()) {
				this.rested.add(before);
			}
			this.changedAt = startedAt;
		}
		finally {
			this.lock.unlock();
		}
	}

	private interface Change {

		void make(FileChannel channel) throws IOException;

	}

}
