package dev.psat.benchmarks.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A JVM of its own that runs {@link IdleProcess}.
 */
final class IdleApplication implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private final PrintWriter input;

	private IdleApplication(Process process) {
		this.process = process;
		this.output = process.inputReader();
		this.input = new PrintWriter(process.outputWriter(), true);
	}

	/**
	 * Start an application and wait until its contexts are open.
	 * @param contexts the number of its contexts
	 * @param token the path of the token, {@code null} to do without the starter
	 * @return the application
	 * @throws IOException if it cannot be started
	 */
	static IdleApplication start(int contexts, @Nullable Path token) throws IOException {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-cp", System.getProperty("java.class.path"), IdleProcess.class.getName(), Integer.toString(contexts)));
		if (token != null) {
			command.add(token.toString());
		}
		IdleApplication application = new IdleApplication(
				new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
		try {
			application.read();
			return application;
		}
		catch (IOException | RuntimeException ex) {
			application.close();
			throw ex;
		}
	}

	void rest(Duration time) {
		this.input.println(time);
	}

	/**
	 * Wait until it has rested.
	 * @return each {@link Figure} of it
	 * @throws IOException if it has ended
	 */
	long[] figures() throws IOException {
		return Arrays.stream(read().split(" ")).mapToLong(Long::parseLong).toArray();
	}

	private String read() throws IOException {
		while (true) {
			String line = this.output.readLine();
			Assert.state(line != null, "The idle application has ended");
			if (line.startsWith(IdleProcess.ANSWER)) {
				return line.substring(IdleProcess.ANSWER.length());
			}
			System.err.println(line);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
