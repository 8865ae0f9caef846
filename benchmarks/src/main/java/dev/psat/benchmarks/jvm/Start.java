package dev.psat.benchmarks.jvm;

import java.util.List;

/**
 * One start of a program.
 *
 * @param ready nanoseconds from before the process was made until it was ready
 * @param footprint what it had taken of the machine by then
 * @param log what it had logged by then
 */
public record Start(long ready, Footprint footprint, List<Line> log) {

	public long processor() {
		return this.footprint.processor();
	}

	public long resident() {
		return this.footprint.resident();
	}

	public long peak() {
		return this.footprint.peak();
	}

	/**
	 * Return when the program logged something for the first time.
	 * @param text part of the line
	 * @return nanoseconds from before the process was made
	 */
	public long at(String text) {
		return this.log.stream()
			.filter((line) -> line.text().contains(text))
			.mapToLong(Line::at)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Nothing was logged of '%s'".formatted(text)));
	}

	/**
	 * A line of the log.
	 *
	 * @param at nanoseconds from before the process was made until it came
	 * @param text the line
	 */
	public record Line(long at, String text) {
	}

}
