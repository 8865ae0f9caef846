package dev.psat.benchmarks.startup;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.LoadedClasses.Origin;
import dev.psat.benchmarks.jvm.OneProcessor.Usage;

/**
 * Writes the report.
 */
final class StartupReport {

	/** What is to be told: the interval reaches so far to either side. */
	private static final Duration TOLD = Duration.ofMillis(5);

	private static final String WITHOUT = StartupBenchmark.WITHOUT;

	private static final String WITH = StartupBenchmark.WITH;

	private StartupReport() {
	}

	static Report of(List<Measured<String, Usage>> usage, List<Measured<String, LoadedClasses>> classes)
			throws IOException {
		Report report = new Report("Start-up").paragraph("""
				A web application of one class, with Spring MVC, Tomcat and Actuator, without the starter and with \
				it, on one processor, as in a pod that has one: %d starts of each in every way, one at a time, in \
				turn. Class path and JVM options are the defaults but for the directory of temporary files, the \
				properties are the same for both: the endpoints `health` and `psat` are exposed, and the token is \
				that of a simulated kubelet. Processor time is what the kernel counts for all threads, the JIT \
				compiler's included, until `SpringApplication.run` returns, which is when the ready event has been \
				delivered and the process ends itself. What is added is the median of the differences within each \
				pair of starts, beside an interval that holds the true median 19 times in 20, and the quartiles and \
				the extremes of these differences; the other figures are medians. An interval that \
				holds a figure decides nothing about it: the last column says about how many pairs of starts \
				would, if the interval is to reach %d ms to either side.\
				""".formatted(usage.get(0).rounds(), TOLD.toMillis())).table(processorTimes(usage)).paragraph("""
				A single processor does all the work of a start one thing after the other, so that the time \
				until the application is ready is its processor time, and what it waits for besides. It counts \
				from before the process is made. The AOT cache comes from a training run without a token, as \
				`docs/aot.md` has it, and without Spring AOT.\
				""").table(costs(usage, classes));
		if (Jdk.withAotCache().isEmpty()) {
			report.paragraph("No JDK 25 was found, so that the AOT cache was left out.");
		}
		return report.paragraph("Where the added classes come from:").table(origins(classes));
	}

	private static Table processorTimes(List<Measured<String, Usage>> usage) {
		Table table = new Table("processor time until ready", WITHOUT, WITH, "added", "95 % interval", "quartiles",
				"least and most", "pairs");
		for (Measured<String, Usage> measured : usage) {
			Sample added = measured.differences(WITH, WITHOUT, Usage::processor);
			table.row(measured.name(), Units.time(measured.sample(WITHOUT, Usage::processor).median()),
					Units.time(measured.sample(WITH, Usage::processor).median()),
					"**%s**".formatted(Units.time(added.median())), Units.interval(added, Units::time),
					Units.words(added.middleHalf(), Units::time), Units.words(added, Units::time),
					added.sizeFor(2 * TOLD.toNanos()));
		}
		return table;
	}

	private static Table costs(List<Measured<String, Usage>> usage, List<Measured<String, LoadedClasses>> classes) {
		Table table = new Table("", "time until ready without", WITH, "added", "classes loaded without", WITH, "added");
		for (int way = 0; way < usage.size(); way++) {
			table.row(Stream
				.of(Stream.of(usage.get(way).name()), medians(usage.get(way), Usage::time, Units::time),
						medians(classes.get(way), LoadedClasses::count, Units::count))
				.flatMap((cells) -> cells)
				.toArray());
		}
		return table;
	}

	private static <T> Stream<String> medians(Measured<String, T> measured, ToDoubleFunction<T> figure,
			DoubleFunction<String> format) {
		return Stream
			.of(measured.sample(WITHOUT, figure), measured.sample(WITH, figure),
					measured.differences(WITH, WITHOUT, figure))
			.map((sample) -> format.apply(sample.median()));
	}

	private static Table origins(List<Measured<String, LoadedClasses>> classes) {
		Table table = new Table(
				Stream.concat(Stream.of("classes of"), classes.stream().map(Measured::name)).toArray(String[]::new));
		for (Origin origin : Origin.values()) {
			Stream<String> added = classes.stream()
				.map((way) -> Units.count(way.differences(WITH, WITHOUT, (loaded) -> loaded.count(origin)).median()));
			table.row(Stream.concat(Stream.of(origin), added).toArray());
		}
		return table;
	}

}
