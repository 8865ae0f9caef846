package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.spire.start.StartReport.Format;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.LoadedClasses.Origin;
import dev.psat.benchmarks.startup.Part;

/**
 * Tables of the web application.
 */
final class WebTables {

	private WebTables() {
	}

	static Table times(List<Result<Figures>> results) {
		Table table = new Table("time until ready", WebContest.HTTP, WebContest.PEM, WebContest.SPIRE, "added to HTTP",
				"95 % interval", "added to PEM files", "95 % interval", "quartiles");
		for (Result<Figures> result : results) {
			Sample toHttp = result.added(WebContest.SPIRE, WebContest.HTTP, Figures::ready);
			Sample toFiles = result.added(WebContest.SPIRE, WebContest.PEM, Figures::ready);
			table.row(result.way(), time(result, WebContest.HTTP), time(result, WebContest.PEM),
					time(result, WebContest.SPIRE), Units.time(toHttp.median()), StartReport.interval(toHttp),
					"**%s**".formatted(Units.time(toFiles.median())), StartReport.interval(toFiles),
					StartReport.range(toFiles.percentile(25), toFiles.percentile(75)));
		}
		return table;
	}

	private static String time(Result<Figures> result, String racer) {
		return median(result, racer, Figures::ready, Units::time);
	}

	static Table costs(List<Result<Figures>> results, List<Result<LoadedClasses>> classes) {
		Table table = new Table("", "processor time, PEM files", "SVID", "added", "95 % interval",
				"classes loaded, PEM files", "SVID", "added");
		for (int way = 0; way < results.size(); way++) {
			Result<Figures> result = results.get(way);
			Result<LoadedClasses> loaded = classes.get(way);
			Sample added = result.added(WebContest.SPIRE, WebContest.PEM, Figures::processor);
			table.row(result.way(), median(result, WebContest.PEM, Figures::processor, Units::time),
					median(result, WebContest.SPIRE, Figures::processor, Units::time), Units.time(added.median()),
					StartReport.interval(added),
					median(loaded, WebContest.PEM, LoadedClasses::count, StartReport::count),
					median(loaded, WebContest.SPIRE, LoadedClasses::count, StartReport::count),
					StartReport.count(loaded.added(WebContest.SPIRE, WebContest.PEM, LoadedClasses::count).median()));
		}
		return table;
	}

	/**
	 * Tell whose classes are loaded, and what is on the heap.
	 */
	static Table contents(Result<LoadedClasses> classes, Result<Long> heaps) {
		Table table = new Table("", WebContest.PEM, WebContest.SPIRE, "added");
		for (Origin origin : Origin.values()) {
			row(table, classes, "classes of " + origin, (loaded) -> loaded.count(origin), StartReport::count);
		}
		row(table, heaps, "heap", Long::longValue, Units::size);
		return table;
	}

	static Table memory(List<Result<Figures>> results) {
		Table table = new Table("resident memory", WebContest.PEM, WebContest.SPIRE, "added to PEM files",
				"95 % interval", "peak, PEM files", "SVID");
		for (Result<Figures> result : results) {
			Sample added = result.added(WebContest.SPIRE, WebContest.PEM, Figures::resident);
			Sample interval = added.medianInterval();
			table.row(result.way(), median(result, WebContest.PEM, Figures::resident, Units::size),
					median(result, WebContest.SPIRE, Figures::resident, Units::size), Units.size(added.median()),
					"%s to %s".formatted(Units.size(interval.min()), Units.size(interval.max())),
					median(result, WebContest.PEM, Figures::peak, Units::size),
					median(result, WebContest.SPIRE, Figures::peak, Units::size));
		}
		return table;
	}

	private static <T> String median(Result<T> result, String racer, ToLongFunction<T> figure, Format format) {
		return format.apply(result.of(racer, figure).median());
	}

	static Table moments(List<Result<Figures>> results) {
		Table table = new Table("", "waits from", "attests within", "then has its SVID within", "then is ready within",
				"ready at");
		for (Result<Figures> result : results) {
			table.row(result.way(), time(result, Moment.WAITING::of),
					time(result, (figures) -> Moment.ATTESTED.since(Moment.WAITING, figures)),
					time(result, (figures) -> Moment.SVID.since(Moment.ATTESTED, figures)),
					time(result, (figures) -> figures.ready() - Moment.SVID.of(figures)), time(result, Figures::ready));
		}
		return table;
	}

	private static String time(Result<Figures> result, ToLongFunction<Figures> figure) {
		return median(result, WebContest.SPIRE, figure, Units::time);
	}

	static Table parts(Result<Figures> result) {
		Table table = new Table("main thread", WebContest.PEM, WebContest.SPIRE, "added");
		for (Part part : Part.values()) {
			row(table, result, part.toString(), (figures) -> part.of(figures.start()), Units::time);
		}
		row(table, result, "all of it", Figures::ready, Units::time);
		return table;
	}

	private static <T> void row(Table table, Result<T> result, String name, ToLongFunction<T> figure, Format format) {
		table.row(name, median(result, WebContest.PEM, figure, format),
				median(result, WebContest.SPIRE, figure, format),
				format.apply(result.added(WebContest.SPIRE, WebContest.PEM, figure).median()));
	}

}
