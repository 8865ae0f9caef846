package dev.psat.benchmarks.spire;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.TortureTest;
import dev.psat.benchmarks.WorkDirectory;

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
		try (WorkDirectory work = WorkDirectory.create()) {
			Path file = work.path().resolve("report.md");
			Stream<String> all = Stream.concat(this.options.apply(arguments), Stream.of("-Dtorture.report=" + file));
			TortureTest.Outcome outcome = new TortureTest(this.module, this.test, all.toList()).run();
			Report report = new Report(this.title).paragraph(Files.readString(file).strip());
			return outcome.passed() ? report : report.failed();
		}
	}

}
