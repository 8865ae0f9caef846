package dev.psat.benchmarks.spire;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.TortureTest;

/**
 * What a torture test reports.
 *
 * @param title the title of the report
 * @param module the module of the test
 * @param test the class of the test
 * @param options makes options of Maven of the arguments
 */
record TortureReport(String title, String module, String test,
		Function<List<String>, Stream<String>> options) implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		return new TortureTest(this.module, this.test, this.options.apply(arguments).toList()).run()
			.addTo(new Report(this.title));
	}

}
