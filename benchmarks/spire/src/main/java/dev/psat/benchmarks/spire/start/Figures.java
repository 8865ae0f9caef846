package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.psat.benchmarks.startup.Start;
import dev.psat.benchmarks.startup.WebProcess;
import dev.psat.benchmarks.startup.WebProcess.LogLine;

/**
 * What one start took.
 *
 * @param start times, processor time and classes until it was ready
 * @param log what it logged by then
 * @param resident bytes in memory once it was ready
 * @param peak the most bytes in memory until then
 */
record Figures(Start start, List<LogLine> log, long resident, long peak) {

	/**
	 * Look at a program that has just got ready, and has nothing more to do.
	 * @param program the program
	 * @return its figures
	 * @throws IOException if it has ended
	 */
	static Figures of(WebProcess program) throws IOException {
		List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status"));
		return new Figures(program.start(), program.log(), bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
	}

	long ready() {
		return this.start.ready();
	}

	long cpu() {
		return this.start.cpu();
	}

	long classes() {
		return this.start.classes();
	}

	/**
	 * Return when the first line of the log came that has some text in it.
	 * @param text the text
	 * @return nanoseconds from before the process was made
	 */
	long at(String text) {
		return this.log.stream()
			.filter((line) -> line.text().contains(text))
			.mapToLong(LogLine::at)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Nothing was logged of '%s'".formatted(text)));
	}

	private static long bytes(List<String> status, String name) {
		return status.stream()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("The process has no " + name));
	}

}
