package dev.psat.benchmarks.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.util.Assert;

/**
 * A JVM that runs the web application.
 */
final class WebProcess implements AutoCloseable {

	static final String MAIN_CLASS = "dev.psat.benchmarks.web.WebApplication";

	/** Begins the application's lines that are no log. */
	private static final String ANSWER = "web: ";

	private static final int PATIENCE = 20;

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
		Process process = builder.start();
		try {
			return new WebProcess(process, read(process.inputReader(), begin));
		}
		catch (IOException | RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	Start start() {
		return this.start;
	}

	private static Start read(BufferedReader output, long begin) throws IOException {
		long main = 0;
		long ready = 0;
		long cpu = 0;
		long classes = 0;
		List<Start.Step> steps = new ArrayList<>();
		List<String> log = new ArrayList<>();
		while (true) {
			String line = output.readLine();
			long now = System.nanoTime() - begin;
			Assert.state(line != null, () -> "The web application has ended:\n" + String.join("\n", log));
			if (!line.startsWith(ANSWER)) {
				log.add(line);
				continue;
			}
			String[] answer = line.substring(ANSWER.length()).split(" ", 2);
			switch (answer[0]) {
				case "main" -> main = now;
				case "ready" -> ready = now;
				case "cpu" -> cpu = Long.parseLong(answer[1]);
				case "classes" -> classes = Long.parseLong(answer[1]);
				case "step" -> steps.add(Start.Step.fromLine(answer[1]));
				default -> {
					return new Start(main, ready, cpu, classes, List.copyOf(steps));
				}
			}
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
			this.process.destroyForcibly().waitFor();
		}
	}

}
