package dev.psat.benchmarks;

import java.util.List;

/**
 * A benchmark that produces a report.
 */
public interface Benchmark {

	/**
	 * Run the benchmark.
	 * @param arguments the arguments after the name on the command line
	 * @return the report
	 * @throws Exception if the benchmark cannot be run
	 */
	Report run(List<String> arguments) throws Exception;

}
