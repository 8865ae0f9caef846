package dev.psat.token;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;

import dev.psat.support.Patience;
import org.junit.jupiter.api.Assumptions;

/**
 * A path that is a regular file when it is examined and a FIFO when it is opened: whoever
 * opens it hangs in the kernel, as with a dead network file system.
 */
final class HangingFile implements AutoCloseable {

	private final Path directory;

	private final Path regular;

	private final Path fifo;

	private final Path path;

	HangingFile(Path directory, String token) throws IOException, InterruptedException {
		this.directory = directory;
		this.regular = Files.writeString(directory.resolve("regular"), token);
		this.fifo = directory.resolve("fifo");
		this.path = Files.createSymbolicLink(directory.resolve("token"), this.regular.getFileName());
		try {
			Process mkfifo = new ProcessBuilder("mkfifo", this.fifo.toString()).inheritIO().start();
			Assumptions.assumeTrue(mkfifo.waitFor() == 0, "mkfifo failed");
		}
		catch (IOException ex) {
			Assumptions.abort("There is no mkfifo here: " + ex.getMessage());
		}
	}

	Path path() {
		return this.path;
	}

	Path regular() {
		return this.regular;
	}

	/**
	 * Replace one by the other until somebody hangs.
	 */
	void hang(Callable<Boolean> hanging) throws Exception {
		long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
		while (!hanging.call()) {
			lead(this.fifo);
			lead(this.regular);
			if (System.nanoTime() > deadline) {
				throw new AssertionError("Nobody hangs");
			}
		}
	}

	/**
	 * Let whoever hangs go on: a FIFO that is open for reading and writing is a writer,
	 * and never waits for a reader.
	 */
	void release() throws IOException {
		new RandomAccessFile(this.fifo.toFile(), "rw").close();
	}

	@Override
	public void close() throws IOException {
		release();
	}

	private void lead(Path target) throws IOException {
		Path next = Files.createSymbolicLink(this.directory.resolve("next"), target.getFileName());
		Files.move(next, this.path, StandardCopyOption.ATOMIC_MOVE);
	}

}
