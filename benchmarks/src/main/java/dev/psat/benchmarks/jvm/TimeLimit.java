package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * Ends processes that hang. Whoever reads their output then reads its end.
 */
public final class TimeLimit {

	/** Even a machine that is busy with other things writes a cache in less. */
	private static final Duration LIMIT = Duration.ofMinutes(5);

	private TimeLimit() {
	}

	/**
	 * Give a process five minutes.
	 * @param process the process
	 * @return the process
	 */
	public static Process on(Process process) {
		return on(process, LIMIT);
	}

	static Process on(Process process, Duration limit) {
		process.onExit().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ended, late) -> {
			if (late != null) {
				kill(process);
			}
		});
		return process;
	}

	/**
	 * Run a program that prepares another one until its end, for five minutes at most.
	 * @param command how to start it
	 * @param directory where to start it
	 * @throws IOException if it does not start
	 * @throws InterruptedException if this thread is interrupted meanwhile
	 */
	static void run(List<String> command, Path directory) throws IOException, InterruptedException {
		Process process = on(
				new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start());
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		Assert.state(process.waitFor() == 0, () -> "The program cannot be prepared:\n" + output);
	}

	/**
	 * Kill a process and what it has started, and leave its output to be read.
	 */
	private static void kill(Process process) {
		// before the parent, with whom the kinship ends
		Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()))
			.forEach(ProcessHandle::destroyForcibly);
	}

}
