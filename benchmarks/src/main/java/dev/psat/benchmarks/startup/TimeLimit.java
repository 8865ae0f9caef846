package dev.psat.benchmarks.startup;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
	 * Kill a process and what it has started, and leave its output to be read.
	 */
	private static void kill(Process process) {
		// before the parent, with whom the kinship ends
		Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()))
			.forEach(ProcessHandle::destroyForcibly);
	}

}
