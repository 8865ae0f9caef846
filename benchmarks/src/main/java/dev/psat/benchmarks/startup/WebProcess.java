package dev.psat.benchmarks.startup;

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

	static final String MAIN_CLASS = "dev.psat.benchmarks.web.WebApplication";

	/** Begins the application's lines that are no log. */
	private static final String ANSWER = "web: ";

	/** Told as soon as the application is ready. */
	static final String READY = ANSWER + "ready";

	private final Process process;

	private final Start start;

	private final List<LogLine> log;

	private WebProcess(Process process, Start start, List<LogLine> log) {
		this.process = process;
		this.start = start;
		this.log = List.copyOf(log);
	}

	/**
	 * Start the application and wait until it is ready.
	 * @param command how to start it
	 * @param directory where to start it
	 * @return the application, to be closed
	 * @throws IOException if it does not start
	 */
	public static WebProcess start(List<String> command, Path directory) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		long begin = System.nanoTime();
		Process process = TimeLimit.on(builder.start());
		try {
			List<LogLine> log = new ArrayList<>();
			return new WebProcess(process, read(process, begin, log), log);
		}
		catch (IOException | RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	public Start start() {
		return this.start;
	}

	/**
	 * Return what it has logged by then.
	 * @return the lines
	 */
	public List<LogLine> log() {
		return this.log;
	}

	public long pid() {
		return this.process.pid();
	}

	private static Start read(Process process, long begin, List<LogLine> log) throws IOException {
		BufferedReader output = process.inputReader();
		long main = 0;
		long ready = 0;
		Footprint footprint = null;
		List<Start.Step> steps = new ArrayList<>();
		while (true) {
			String line = output.readLine();
			long now = System.nanoTime() - begin;
			Assert.state(line != null, () -> "The application has ended:\n"
					+ log.stream().map(LogLine::text).collect(Collectors.joining("\n")));
			if (!line.startsWith(ANSWER)) {
				log.add(new LogLine(now, line));
				continue;
			}
			String[] answer = line.substring(ANSWER.length()).split(" ", 2);
			switch (answer[0]) {
				case "main" -> main = now;
				case "ready" -> {
					ready = now;
					footprint = Footprint.of(process.pid());
				}
				case "step" -> steps.add(Start.Step.fromLine(answer[1]));
				default -> {
					Assert.state(footprint != null, "The application has not told that it is ready");
					return new Start(main, ready, footprint, List.copyOf(steps));
				}
			}
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

	/**
	 * A line of the log.
	 *
	 * @param at nanoseconds from before the process was made until it came
	 * @param text the line
	 */
	public record LogLine(long at, String text) {

	}

}
