package dev.psat.benchmarks.startup;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.startup.LoadedClasses.Origin;
import dev.psat.benchmarks.startup.OneProcessor.Usage;
import dev.psat.benchmarks.startup.Start.Step;

/**
 * Writes the report.
 */
final class StartupReport {

	/** What is to be told: the interval reaches so far to either side. */
	private static final Duration TOLD = Duration.ofMillis(5);

	private static final int MOST_BEANS = 6;

	private StartupReport() {
	}

	static Report of(Map<Way, List<Variants<Usage>>> measured, Map<Way, List<Variants<LoadedClasses>>> classes,
			List<Variants<Start>> steps) throws IOException {
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
				""".formatted(measured.values().iterator().next().size(), TOLD.toMillis()))
			.table(times(measured))
			.paragraph(
					"""
							A single processor does all the work of a start one thing after the other, so that the time until the \
							application is ready is its processor time, and what it waits for besides. It counts from before \
							the process is made. The AOT cache comes from a training run without a token, as `docs/aot.md` has \
							it, and without Spring AOT.\
							""")
			.table(costs(measured, classes));
		if (Jdk.withAotCache().isEmpty()) {
			report.paragraph("No JDK 25 was found, so that the AOT cache was left out.");
		}
		return report.paragraph("Where the added classes come from:")
			.table(origins(classes))
			.paragraph(
					"""
							Where the milliseconds go, from %d more plain starts of each, on all processors, with a \
							`BufferingApplicationStartup`: \
							medians of the time that the main thread spends in each part. Conditions of all auto-configurations \
							are judged in one part, since Spring has no step for each. The first look at the token goes on in a \
							thread of its own while the main thread makes beans; only what is not over when the token source \
							starts is waited for. What is added need not sum up, since medians do not.\
							"""
						.formatted(steps.size()))
			.table(parts(steps))
			.paragraph("The beans of the starter that take longest, each without the beans that it asks for:")
			.table(beans(steps));
	}

	private static Table times(Map<Way, List<Variants<Usage>>> measured) {
		Table table = new Table("processor time until ready", "without", "with", "added", "95 % interval", "quartiles",
				"least and most", "pairs");
		measured.forEach((way, pairs) -> {
			Comparison processor = Comparison.of(pairs, Usage::processor);
			Sample added = processor.added();
			Sample interval = added.medianInterval();
			table.row(way.name(), Units.time(processor.without().median()), Units.time(processor.with().median()),
					"**%s**".formatted(Units.time(added.median())), range(interval.min(), interval.max()),
					range(added.percentile(25), added.percentile(75)), range(added.min(), added.max()),
					added.sizeFor(2 * TOLD.toNanos()));
		});
		return table;
	}

	private static String range(double from, double to) {
		return "%s to %s".formatted(Units.time(from), Units.time(to));
	}

	private static Table costs(Map<Way, List<Variants<Usage>>> measured,
			Map<Way, List<Variants<LoadedClasses>>> classes) {
		Table table = new Table("", "time until ready without", "with", "added", "classes loaded without", "with",
				"added");
		measured.forEach((way, pairs) -> {
			Comparison time = Comparison.of(pairs, Usage::time);
			Comparison loaded = Comparison.of(Objects.requireNonNull(classes.get(way)), LoadedClasses::count);
			table.row(way.name(), Units.time(time.without().median()), Units.time(time.with().median()),
					Units.time(time.added().median()), count(loaded.without()), count(loaded.with()),
					count(loaded.added()));
		});
		return table;
	}

	private static Table parts(List<Variants<Start>> steps) {
		Table table = new Table("main thread", "without", "with", "added");
		for (Part part : Part.values()) {
			row(table, part.toString(), Comparison.of(steps, part::of));
		}
		row(table, "all of it", Comparison.of(steps, Start::ready));
		Sample firstLook = Sample
			.of(steps.stream().map((pair) -> pair.with().time((step) -> step.name().equals("first-look"))).toList());
		return table.row("meanwhile, in another thread: the first look at the token", "",
				Units.time(firstLook.median()), "");
	}

	private static void row(Table table, String name, Comparison time) {
		table.row(name, Units.time(time.without().median()), Units.time(time.with().median()),
				Units.time(time.added().median()));
	}

	private static Table beans(List<Variants<Start>> steps) {
		Table table = new Table("bean", "time");
		List<Start> starts = steps.stream().map(Variants::with).toList();
		starts.get(0)
			.steps()
			.stream()
			.filter(Step::isBeanOfOurs)
			.map(Step::bean)
			.distinct()
			.map((bean) -> Map.entry(bean, timeOf(bean, starts)))
			.sorted(Map.Entry.<String, Double>comparingByValue().reversed())
			.limit(MOST_BEANS)
			.forEach((bean) -> table.row("`%s`".formatted(bean.getKey()), Units.time(bean.getValue())));
		return table;
	}

	private static double timeOf(String bean, List<Start> starts) {
		return Sample.of(starts.stream().map((start) -> start.time((step) -> step.bean().equals(bean))).toList())
			.median();
	}

	private static Table origins(Map<Way, List<Variants<LoadedClasses>>> classes) {
		Table table = new Table(Stream.concat(Stream.of("classes of"), classes.keySet().stream().map(Way::name))
			.toArray(String[]::new));
		for (Origin origin : Origin.values()) {
			Stream<String> added = classes.values()
				.stream()
				.map((pairs) -> count(Comparison.of(pairs, (loaded) -> loaded.count(origin)).added()));
			table.row(Stream.concat(Stream.of(origin), added).toArray());
		}
		return table;
	}

	private static String count(Sample sample) {
		return String.format(Locale.ROOT, "%,.0f", sample.median());
	}

}
