package dev.psat.benchmarks.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.util.Assert;

/**
 * Runs programs that prepare others, and end by themselves.
 */
public final class Preparation {

	private Preparation() {
	}

	/**
	 * Run a program until its end, for five minutes at most.
	 * @param command how to start it
	 * @param directory where to start it
	 * @throws IOException if it does not start
	 * @throws InterruptedException if this thread is interrupted meanwhile
	 */
	public static void run(List<String> command, Path directory) throws IOException, InterruptedException {
		Path log = directory.resolve("log");
		Process process = TimeLimit.on(new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start());
		int exit = process.waitFor();
		Assert.state(exit == 0, () -> "The application cannot be prepared:\n" + read(log));
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
