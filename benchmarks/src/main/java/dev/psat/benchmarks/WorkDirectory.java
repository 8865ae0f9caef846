package dev.psat.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.util.FileSystemUtils;

/**
 * Directory for all temporary files of a benchmark, deleted even if it is interrupted.
 */
public final class WorkDirectory implements AutoCloseable {

	private static final int ATTEMPTS = 20;

	private final List<Path> paths = new CopyOnWriteArrayList<>();

	private final Deque<AutoCloseable> resources = new ConcurrentLinkedDeque<>();

	private WorkDirectory(Path path) {
		this.paths.add(path);
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
		return this.paths.get(0);
	}

	/**
	 * Create another directory, which goes with this one.
	 * @param medium where to create it
	 * @return its path
	 * @throws IOException if it cannot be created
	 */
	public Path on(Medium medium) throws IOException {
		Path path = Files.createTempDirectory(medium.directory(), "benchmark-");
		this.paths.add(path);
		return path;
	}

	/**
	 * Close a resource before its files go.
	 * @param <T> its type
	 * @param resource the resource
	 * @return the resource
	 */
	public <T extends AutoCloseable> T closing(T resource) {
		this.resources.push(resource);
		return resource;
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
		delete();
	}

	private void delete() throws IOException {
		for (Path path : this.paths) {
			FileSystemUtils.deleteRecursively(path);
		}
	}

	/**
	 * Ends what still runs and writes here. The main thread may notice that, and delete
	 * at the same time.
	 */
	private void abandon() {
		for (int attempt = 0; attempt < ATTEMPTS && this.paths.stream().anyMatch(Files::exists); attempt++) {
			ProcessHandle.current().descendants().forEach((process) -> {
				process.destroyForcibly();
				process.onExit().join();
			});
			try {
				delete();
				Thread.sleep(50);
			}
			catch (IOException ex) {
				// the other thread was faster
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

}
