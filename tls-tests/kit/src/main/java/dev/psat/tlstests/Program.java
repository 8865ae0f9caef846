package dev.psat.tlstests;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.psat.support.Patience;
import org.junit.jupiter.api.Assumptions;

/**
 * A program on the path of this machine, which runs for a limited time.
 */
final class Program {

	private static final Duration PATIENCE = Patience.LIMIT;

	private final String name;

	private final Duration patience;

	Program(String name) {
		this(name, PATIENCE);
	}

	/**
	 * Create a program.
	 * @param name its name
	 * @param patience how long it may run
	 */
	Program(String name, Duration patience) {
		this.name = name;
		this.patience = patience;
	}

	/**
	 * Run the program until it ends or its output suffices. Skips the test if the program
	 * is not installed.
	 * @param arguments the arguments
	 * @param input the standard input
	 * @param enough tests whether the output suffices
	 * @return the output and errors, as ISO 8859-1
	 */
	String run(List<String> arguments, byte[] input, Predicate<String> enough) {
		Assumptions.assumeTrue(isInstalled(), () -> this.name + " is not installed");
		try {
			Process process = new ProcessBuilder(Stream.concat(Stream.of(this.name), arguments.stream()).toList())
				.redirectErrorStream(true)
				.start();
			try (InputStream output = process.getInputStream()) {
				write(process.getOutputStream(), input);
				return read(process, output, enough);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void write(OutputStream in, byte[] input) {
		try {
			in.write(input);
			in.flush();
		}
		catch (IOException ex) {
			// it has already ended, and its output says why
		}
	}

	private String read(Process process, InputStream in, Predicate<String> enough)
			throws IOException, InterruptedException {
		StringBuilder output = new StringBuilder();
		Instant end = Instant.now().plus(this.patience);
		while (Instant.now().isBefore(end)) {
			boolean ended = !process.isAlive();
			if (in.available() > 0) {
				output.append(new String(in.readNBytes(in.available()), StandardCharsets.ISO_8859_1));
				if (enough.test(output.toString())) {
					return output.toString();
				}
			}
			else if (ended) {
				return output.toString();
			}
			else {
				Thread.sleep(2);
			}
		}
		throw new IllegalStateException("%s did not end: %s".formatted(this.name, output));
	}

	private boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> new File(directory, this.name).canExecute());
	}

}
