package dev.psat.benchmarks.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

/**
 * Where everything is that is not to stay, also when somebody interrupts.
 */
final class WorkDirectory implements AutoCloseable {

	private final Path path;

	private WorkDirectory(Path path) {
		this.path = path;
	}

	static WorkDirectory create() throws IOException {
		WorkDirectory directory = new WorkDirectory(Files.createTempDirectory("startup-"));
		Runtime.getRuntime().addShutdownHook(new Thread(directory::abandon));
		return directory;
	}

	Path path() {
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
	 * Ends what still runs, since that writes here.
	 */
	private void abandon() {
		ProcessHandle.current().children().forEach((child) -> {
			child.destroyForcibly();
			child.onExit().join();
		});
		close();
	}

}
