package dev.psat.products;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * A program that runs until it is stopped, and no longer than this JVM: it hangs on a
 * pipe from here, and whatever happens to this JVM closes the pipe.
 */
public final class Program {

	/** Where Debian puts servers that are not on everybody's path. */
	private static final List<String> MORE_DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin");

	/**
	 * In a group of its own, which is killed as a whole when the pipe is closed.
	 */
	private static final String LEASH = "exec 3<&0; { read -r _ <&3; kill -9 -$$; } & exec 3<&-; exec \"$@\" </dev/null";

	private static final long PATIENCE_SECONDS = 20;

	/** Keycloak builds itself in 20 seconds, and in over a minute on a busy machine. */
	private static final long LONGEST_RUN_SECONDS = 300;

	private final Process process;

	private final Path output;

	private Program(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Find a program on this machine. Skips the test if it is not installed.
	 * @param name the name
	 * @param first directories to look in first
	 * @return the file
	 */
	public static Path find(String name, Path... first) {
		Path found = Stream
			.of(Stream.of(first).map(Path::toString), Stream.of(System.getenv("PATH").split(File.pathSeparator)),
					MORE_DIRECTORIES.stream())
			.flatMap((directories) -> directories)
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
		Assumptions.assumeTrue(found != null, () -> name + " is not installed");
		return found;
	}

	/**
	 * Start a program.
	 * @param directory the working directory
	 * @param name names the file of that directory to which the output is appended
	 * @param environment environment variables, besides those of this JVM
	 * @param command the program and its arguments
	 * @return the program
	 */
	public static Program start(Path directory, String name, Map<String, String> environment, List<String> command) {
		Path output = directory.resolve(name + ".log");
		ProcessBuilder builder = new ProcessBuilder(
				Stream.concat(Stream.of("setsid", "sh", "-c", LEASH, "sh"), command.stream()).toList())
			.directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
		builder.environment().putAll(environment);
		try {
			return new Program(builder.start(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run a program until it ends.
	 * @param directory the working directory
	 * @param name names the file of that directory to which the output is appended
	 * @param environment environment variables, besides those of this JVM
	 * @param command the program and its arguments
	 * @return what that file holds
	 */
	public static String run(Path directory, String name, Map<String, String> environment, List<String> command) {
		Program program = start(directory, name, environment, command);
		try {
			if (!program.process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException(
						"%s takes over %d seconds: %s".formatted(command, LONGEST_RUN_SECONDS, program.output()));
			}
			if (program.process.exitValue() != 0) {
				throw new IllegalStateException("%s failed: %s".formatted(command, program.output()));
			}
			return program.output();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			program.stop();
		}
	}

	public boolean isRunning() {
		return this.process.isAlive();
	}

	/**
	 * Return what the program has written, and what was in the file before.
	 * @return the output
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ask the program to end, and kill what is left of it.
	 */
	public void stop() {
		List<ProcessHandle> group = this.process.descendants().toList();
		this.process.destroy();
		this.process.toHandle().onExit().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.process.destroyForcibly().onExit().join();
		group.forEach((process) -> process.onExit().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join());
	}

}
