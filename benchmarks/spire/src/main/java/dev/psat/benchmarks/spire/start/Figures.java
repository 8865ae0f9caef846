package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.startup.Start;
import dev.psat.benchmarks.startup.WebProcess.LogLine;

/**
 * What one start took.
 *
 * @param start times and footprint until it was ready
 * @param log what it had logged by then
 */
record Figures(Start start, List<LogLine> log) {

	long ready() {
		return this.start.ready();
	}

	long processor() {
		return this.start.footprint().processor();
	}

	long resident() {
		return this.start.footprint().resident();
	}

	long peak() {
		return this.start.footprint().peak();
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

}
