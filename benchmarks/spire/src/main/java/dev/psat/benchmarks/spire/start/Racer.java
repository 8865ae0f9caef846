package dev.psat.benchmarks.spire.start;

/**
 * Who takes part in a race.
 *
 * @param name what it is called in a table
 * @param run starts it once, and stops it
 */
record Racer(String name, Run run) {

	@FunctionalInterface
	interface Run {

		Figures start() throws Exception;

	}

}
