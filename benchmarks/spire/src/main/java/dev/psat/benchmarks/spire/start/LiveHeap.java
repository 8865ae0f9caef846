package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.util.List;

import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.TimeLimit;

/**
 * What a JVM cannot do without.
 */
final class LiveHeap {

	private LiveHeap() {
	}

	/**
	 * Have a JVM collect, and count what is left. It has five minutes for that.
	 * @param jdk its JDK
	 * @param pid its process
	 * @return bytes
	 * @throws IOException if it cannot be asked
	 */
	static long of(Jdk jdk, long pid) throws IOException {
		Process process = TimeLimit
			.on(new ProcessBuilder(jdk.home().resolve("bin/jcmd").toString(), Long.toString(pid), "GC.class_histogram")
				.redirectErrorStream(true)
				.start());
		return total(process.inputReader().lines().toList());
	}

	/**
	 * Return the sum at the end of a histogram.
	 * @param histogram its lines
	 * @return bytes
	 */
	static long total(List<String> histogram) {
		return histogram.stream()
			.filter((line) -> line.startsWith("Total"))
			.mapToLong((line) -> Long.parseLong(line.strip().split("\\s+")[2]))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No histogram: " + String.join("\n", histogram)));
	}

}
