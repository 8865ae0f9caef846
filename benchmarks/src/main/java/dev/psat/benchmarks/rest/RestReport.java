package dev.psat.benchmarks.rest;

import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Reports the cost of being idle.
 */
final class RestReport {

	private final Duration idle;

	private final Measured<String, long[]> singles;

	private final Measured<String, long[]> many;

	private final Table table;

	/**
	 * Create a report.
	 * @param idle how long the applications were idle
	 * @param singles the applications with one context
	 * @param many the application with many contexts
	 */
	RestReport(Duration idle, Measured<String, long[]> singles, Measured<String, long[]> many) {
		this.idle = idle;
		this.singles = singles;
		this.many = many;
		this.table = new Table("", singles.name(), many.name(), "of these each");
	}

	Report report() {
		row(Figure.WATCH_CPU, this::share);
		row(Figure.JDK_CPU, this::share);
		row("both, share of a core", this::share, (applications) -> applications.sample(RestBenchmark.WITH,
				(figures) -> Figure.WATCH_CPU.of(figures) + Figure.JDK_CPU.of(figures)));
		row(Figure.PROCESS_CPU, this::share);
		row("all threads of the JVM, without", this::share,
				(applications) -> applications.sample(RestBenchmark.WITHOUT, Figure.PROCESS_CPU::of));
		row(Figure.OUR_THREADS, Units::count);
		row(Figure.JDK_THREADS, Units::count);
		added(Figure.HEAP, Units::size);
		row(Figure.INOTIFY, Units::count);
		added(Figure.DESCRIPTORS, Units::count);
		row(Figure.POLLING, Units::count);
		return new Report("Cost at rest")
			.paragraph(
					"""
							Measured over %s without a rotation, starting ten seconds after the last start. Contexts are \
							auto-configured, with JSON and without a web server. As many contexts without the starter ran in the same \
							minutes; memory and descriptors are the difference between the two, memory after a full collection. \
							What the first context retains includes classes and the Spring caches that are filled for it. \
							Threads of ours are those that watch; another one (`psat-token-read`) lives for the time of each \
							read, and only counts among all threads. The column for one context is the median of %d \
							applications, with minimum and maximum; many contexts shared one application.\
							"""
						.formatted(this.idle.toString().substring(2).toLowerCase(Locale.ROOT), this.singles.rounds()))
			.table(this.table)
			.paragraph("A user has %s inotify instances on this machine, including those of other processes: "
				.formatted(Inotify.limit()) + "a source that gets none polls, and says so in its status.");
	}

	private void row(Figure figure, DoubleFunction<String> unit) {
		row(figure.toString(), unit, (applications) -> applications.sample(RestBenchmark.WITH, figure::of));
	}

	private void added(Figure figure, DoubleFunction<String> unit) {
		row(figure.toString(), unit,
				(applications) -> applications.differences(RestBenchmark.WITH, RestBenchmark.WITHOUT, figure::of));
	}

	private void row(String name, DoubleFunction<String> unit, Function<Measured<String, long[]>, Sample> figures) {
		Sample one = figures.apply(this.singles);
		double all = figures.apply(this.many).median();
		String median = unit.apply(one.median());
		this.table.row(name, (one.min() == one.max()) ? median : "%s (%s)".formatted(median, Units.range(one, unit)),
				unit.apply(all), unit.apply(all / RestBenchmark.MANY));
	}

	private String share(double cpu) {
		return Units.number(100 * cpu / this.idle.toNanos()) + " %";
	}

}
