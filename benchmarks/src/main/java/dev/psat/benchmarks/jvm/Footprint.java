package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has taken of the machine, as the kernel counts it. To ask the JVM itself
 * would load classes for the question.
 *
 * @param processor nanoseconds that processors worked for it, in steps of 10 ms, all
 * threads included, also those that have ended
 * @param resident bytes in memory
 * @param peak the most bytes in memory so far
 */
public record Footprint(long processor, long resident, long peak) {

	/** Linux shows times to programs in this unit, whatever it counts in. */
	private static final long NANOS_PER_TICK = 10_000_000;

	/** Where the processor time begins, behind the name. */
	private static final int USER_TIME = 11;

	/**
	 * Ask for that of a running process.
	 * @param pid the process
	 * @return its footprint
	 * @throws IOException if it has ended
	 */
	public static Footprint of(long pid) throws IOException {
		Path process = Path.of("/proc", Long.toString(pid));
		String stat = Files.readString(process.resolve("stat"));
		List<String> status = Files.readAllLines(process.resolve("status"));
		return new Footprint(processor(stat), bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
	}

	private static long processor(String stat) {
		// the name is in parentheses, and may contain any character
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) * NANOS_PER_TICK;
	}

	private static long bytes(List<String> status, String name) {
		return status.stream()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("The process has no " + name));
	}

}
