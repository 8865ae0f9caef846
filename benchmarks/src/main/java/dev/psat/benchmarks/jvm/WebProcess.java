package dev.psat.benchmarks.jvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.util.Assert;

/**
 * A JVM that runs the web application, or another program that reports in its words, for
 * five minutes at most.
 */
public final class WebProcess implements AutoCloseable {

	/** Told as soon as the application is ready. */
	static final String READY = "web: ready";

	private final Process process;

	private final Start start;

	private WebProcess(Process process, Start start) {
		this.process = process;
		this.start = start;
	}

	/**
	 * Start the application and wait until it is ready.
	 * @param command how to start it
	 * @param directory where to start it
	 * @return the application, to be closed
	 * @throws IOException if it does not start
	 */
	static WebProcess start(List<String> command, Path directory) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		long begin = System.nanoTime();
		Process process = TimeLimit.on(builder.start());
		try {
			return new WebProcess(process, read(process, begin));
		}
		catch (IOException | RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	public Start start() {
		return this.start;
	}

	public long pid() {
		return this.process.pid();
	}

	private static Start read(Process process, long begin) throws IOException {
		BufferedReader output = process.inputReader();
		List<Start.Line> log = new ArrayList<>();
		while (true) {
			String line = output.readLine();
			long now = System.nanoTime() - begin;
			Assert.state(line != null, () -> "The application has ended:\n"
					+ log.stream().map(Start.Line::text).collect(Collectors.joining("\n")));
			if (line.equals(READY)) {
				return new Start(now, Footprint.of(process.pid()), List.copyOf(log));
			}
			log.add(new Start.Line(now, line));
		}
	}

	/**
	 * Ask it to end, and wait until it has.
	 * @throws IOException if its output cannot be read
	 * @throws InterruptedException if this thread is interrupted meanwhile
	 */
	public void end() throws IOException, InterruptedException {
		// not process.destroy(), which closes the output that would then be in its way
		this.process.toHandle().destroy();
		this.process.inputReader().transferTo(Writer.nullWriter());
		this.process.waitFor();
	}

	/**
	 * Kill it: nothing is measured of its end, which would only take time.
	 */
	@Override
	public void close() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

}
