package dev.psat.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

/**
 * Directory for all temporary files of a benchmark, deleted even if it is interrupted.
 */
public final class WorkDirectory implements AutoCloseable {

	private static final int ATTEMPTS = 20;

	private final Path path;

	private WorkDirectory(Path path) {
		this.path = path;
	}

	/**
	 * Create a directory that is deleted when the JVM ends.
	 * @return the directory
	 * @throws IOException if it cannot be created
	 */
	public static WorkDirectory create() throws IOException {
		WorkDirectory directory = new WorkDirectory(Files.createTempDirectory("benchmark-"));
		Runtime.getRuntime().addShutdownHook(new Thread(directory::abandon));
		return directory;
	}

	public Path path() {
		return this.path;
	}

	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ends what still runs and writes here. The main thread may notice that, and delete
	 * at the same time.
	 */
	private void abandon() {
		for (int attempt = 0; attempt < ATTEMPTS && Files.exists(this.path); attempt++) {
			ProcessHandle.current().descendants().forEach((process) -> {
				process.destroyForcibly();
				process.onExit().join();
			});
			try {
				close();
				Thread.sleep(50);
			}
			catch (UncheckedIOException ex) {
				// the other thread was faster
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

}
