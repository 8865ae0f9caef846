package dev.psat.benchmarks;

import java.util.List;

/**
 * Something that is measured.
 */
public interface Benchmark {

	/**
	 * Measure it.
	 * @param arguments what follows the name on the command line
	 * @return what came of it
	 * @throws Exception if it could not be measured
	 */
	Report run(List<String> arguments) throws Exception;

}
