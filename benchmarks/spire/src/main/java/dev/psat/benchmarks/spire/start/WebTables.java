package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.spire.start.StartReport.Format;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.LoadedClasses.Origin;
import dev.psat.benchmarks.jvm.Start;

/**
 * Tables of the web application.
 */
final class WebTables {

	private WebTables() {
	}

	static Table times(List<Measured<String, Start>> results) {
		Table table = new Table("time until ready", WebContest.HTTP, WebContest.PEM, WebContest.SPIRE, "added to HTTP",
				"95 % interval", "added to PEM files", "95 % interval", "quartiles");
		for (Measured<String, Start> result : results) {
			Sample toHttp = result.differences(WebContest.SPIRE, WebContest.HTTP, Start::ready);
			Sample toFiles = result.differences(WebContest.SPIRE, WebContest.PEM, Start::ready);
			table.row(result.name(), time(result, WebContest.HTTP), time(result, WebContest.PEM),
					time(result, WebContest.SPIRE), Units.time(toHttp.median()), StartReport.interval(toHttp),
					"**%s**".formatted(Units.time(toFiles.median())), StartReport.interval(toFiles),
					StartReport.range(toFiles.percentile(25), toFiles.percentile(75)));
		}
		return table;
	}

	private static String time(Measured<String, Start> result, String racer) {
		return median(result, racer, Start::ready, Units::time);
	}

	static Table costs(List<Measured<String, Start>> results, List<Measured<String, LoadedClasses>> classes) {
		Table table = new Table("", "processor time, PEM files", "SVID", "added", "95 % interval",
				"classes loaded, PEM files", "SVID", "added");
		for (int way = 0; way < results.size(); way++) {
			Measured<String, Start> result = results.get(way);
			Measured<String, LoadedClasses> loaded = classes.get(way);
			Sample added = result.differences(WebContest.SPIRE, WebContest.PEM, Start::processor);
			table.row(result.name(), median(result, WebContest.PEM, Start::processor, Units::time),
					median(result, WebContest.SPIRE, Start::processor, Units::time), Units.time(added.median()),
					StartReport.interval(added),
					median(loaded, WebContest.PEM, LoadedClasses::count, StartReport::count),
					median(loaded, WebContest.SPIRE, LoadedClasses::count, StartReport::count), StartReport
						.count(loaded.differences(WebContest.SPIRE, WebContest.PEM, LoadedClasses::count).median()));
		}
		return table;
	}

	/**
	 * Tell whose classes are loaded, and what is on the heap.
	 */
	static Table contents(Measured<String, LoadedClasses> classes, Measured<String, Long> heaps) {
		Table table = new Table("", WebContest.PEM, WebContest.SPIRE, "added");
		for (Origin origin : Origin.values()) {
			row(table, classes, "classes of " + origin, (loaded) -> loaded.count(origin), StartReport::count);
		}
		row(table, heaps, "heap", Long::longValue, Units::size);
		return table;
	}

	static Table memory(List<Measured<String, Start>> results) {
		Table table = new Table("resident memory", WebContest.PEM, WebContest.SPIRE, "added to PEM files",
				"95 % interval", "peak, PEM files", "SVID");
		for (Measured<String, Start> result : results) {
			Sample added = result.differences(WebContest.SPIRE, WebContest.PEM, Start::resident);
			Sample interval = added.medianInterval();
			table.row(result.name(), median(result, WebContest.PEM, Start::resident, Units::size),
					median(result, WebContest.SPIRE, Start::resident, Units::size), Units.size(added.median()),
					"%s to %s".formatted(Units.size(interval.min()), Units.size(interval.max())),
					median(result, WebContest.PEM, Start::peak, Units::size),
					median(result, WebContest.SPIRE, Start::peak, Units::size));
		}
		return table;
	}

	private static <T> String median(Measured<String, T> result, String racer, ToDoubleFunction<T> figure,
			Format format) {
		return format.apply(result.sample(racer, figure).median());
	}

	static Table moments(List<Measured<String, Start>> results) {
		Table table = new Table("", "waits from", "attests within", "then has its SVID within", "then is ready within",
				"ready at");
		for (Measured<String, Start> result : results) {
			table.row(result.name(), time(result, Moment.WAITING::of),
					time(result, (figures) -> Moment.ATTESTED.since(Moment.WAITING, figures)),
					time(result, (figures) -> Moment.SVID.since(Moment.ATTESTED, figures)),
					time(result, (figures) -> figures.ready() - Moment.SVID.of(figures)), time(result, Start::ready));
		}
		return table;
	}

	private static String time(Measured<String, Start> result, ToDoubleFunction<Start> figure) {
		return median(result, WebContest.SPIRE, figure, Units::time);
	}

	private static <T> void row(Table table, Measured<String, T> result, String name, ToDoubleFunction<T> figure,
			Format format) {
		table.row(name, median(result, WebContest.PEM, figure, format),
				median(result, WebContest.SPIRE, figure, format),
				format.apply(result.differences(WebContest.SPIRE, WebContest.PEM, figure).median()));
	}

}
