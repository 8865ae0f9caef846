package dev.psat.benchmarks.rest;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Inotify;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Reports the cost of being idle.
 */
final class RestReport {

	private final Duration idle;

	private final List<Rest> singles;

	private final Rest many;

	private final int contexts;

	private final Table table;

	/**
	 * Create a report.
	 * @param idle how long the applications were idle
	 * @param singles the applications with one context
	 * @param many the application with many contexts
	 * @param contexts the number of these
	 */
	RestReport(Duration idle, List<Rest> singles, Rest many, int contexts) {
		this.idle = idle;
		this.singles = singles;
		this.many = many;
		this.contexts = contexts;
		this.table = new Table("", "1 context", contexts + " contexts", "of these each");
	}

	Report report() {
		row("watching thread (`psat-token-watch`), share of a core", (rest) -> rest.with().watchCpu(), this::share);
		row("JDK's thread behind it, share of a core", (rest) -> rest.with().jdkCpu(), this::share);
		row("both, share of a core", Rest::watchCpu, this::share);
		row("all threads of the JVM, with the starter", (rest) -> rest.with().processCpu(), this::share);
		row("all threads of the JVM, without", (rest) -> rest.without().processCpu(), this::share);
		row("threads of ours", (rest) -> rest.with().ourThreads(), RestReport::count);
		row("threads of the JDK's watch services", (rest) -> rest.with().jdkThreads(), RestReport::count);
		row("retained heap", Rest::heap, Units::size);
		row("inotify instances", (rest) -> rest.with().inotify(), RestReport::count);
		row("descriptors", Rest::descriptors, RestReport::count);
		row("sources that poll alone", (rest) -> rest.with().polling(), RestReport::count);
		return new Report("Cost at rest").paragraph("""
				Measured over %s without a rotation, starting ten seconds after the last start. Contexts are \
				auto-configured, with JSON and without a web server. As many contexts without the starter ran in the \
				same minutes; memory and descriptors are the difference between the two, memory after a full \
				collection. What the first context retains includes classes and the Spring caches that are filled for \
				it. The column for one context is the median of %d applications, with minimum and maximum; many \
				contexts shared one application.\
				""".formatted(this.idle.toString().substring(2).toLowerCase(Locale.ROOT), this.singles.size()))
			.table(this.table)
			.paragraph("A user has %s inotify instances on this machine, including those of other processes: "
				.formatted(Inotify.limit()) + "a source that gets none polls, and says so in its status.");
	}

	private void row(String name, ToLongFunction<Rest> figure, DoubleFunction<String> unit) {
		Sample one = Sample.of(this.singles.stream().map(figure::applyAsLong).toList());
		long all = figure.applyAsLong(this.many);
		this.table.row(name, single(one, unit), unit.apply(all), unit.apply((double) all / this.contexts));
	}

	private static String single(Sample sample, DoubleFunction<String> unit) {
		String median = unit.apply(sample.median());
		return (sample.min() == sample.max()) ? median
				: "%s (%s – %s)".formatted(median, unit.apply(sample.min()), unit.apply(sample.max()));
	}

	private String share(double cpu) {
		return Units.number(100 * cpu / this.idle.toNanos()) + " %";
	}

	private static String count(double count) {
		return (count == Math.rint(count)) ? String.format(Locale.ROOT, "%,d", (long) count) : Units.number(count);
	}

}
