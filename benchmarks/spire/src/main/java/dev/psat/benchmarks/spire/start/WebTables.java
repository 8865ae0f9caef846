package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.spire.start.StartReport.Format;

/**
 * Tables of the web application.
 */
final class WebTables {

	private WebTables() {
	}

	static Table times(List<Result> results) {
		Table table = new Table("time until ready", WebContest.HTTP, WebContest.PEM, WebContest.SPIRE,
				"added to PEM files", "95 % interval", "quartiles");
		for (Result result : results) {
			Sample added = result.added(WebContest.SPIRE, WebContest.PEM, Figures::ready);
			table.row(result.way(), time(result, WebContest.HTTP), time(result, WebContest.PEM),
					time(result, WebContest.SPIRE), "**%s**".formatted(Units.time(added.median())),
					StartReport.interval(added), StartReport.range(added.percentile(25), added.percentile(75)));
		}
		return table;
	}

	private static String time(Result result, String racer) {
		return result.isOf(racer) ? median(result, racer, Figures::ready, Units::time) : "";
	}

	static Table costs(List<Result> results) {
		Table table = new Table("", "processor time, PEM files", "SVID", "added", "95 % interval",
				"classes loaded, PEM files", "SVID", "added");
		for (Result result : results) {
			Sample cpu = result.added(WebContest.SPIRE, WebContest.PEM, Figures::cpu);
			table.row(result.way(), Units.time(result.of(WebContest.PEM, Figures::cpu).median()),
					Units.time(result.of(WebContest.SPIRE, Figures::cpu).median()), Units.time(cpu.median()),
					StartReport.interval(cpu), median(result, WebContest.PEM, Figures::classes, StartReport::count),
					median(result, WebContest.SPIRE, Figures::classes, StartReport::count),
					StartReport.count(result.added(WebContest.SPIRE, WebContest.PEM, Figures::classes).median()));
		}
		return table;
	}

	static Table memory(List<Result> results) {
		Table table = new Table("resident memory", WebContest.PEM, WebContest.SPIRE, "added to PEM files",
				"95 % interval", "peak, PEM files", "SVID");
		for (Result result : results) {
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

	private static String median(Result result, String racer, ToLongFunction<Figures> figure, Format format) {
		return format.apply(result.of(racer, figure).median());
	}

	static Table moments(List<Result> results) {
		Table table = new Table("", "waits from", "attests within", "then has its SVID within", "then is ready within",
				"ready at");
		for (Result result : results) {
			table.row(result.way(), time(result, Moment.WAITING::of),
					time(result, (figures) -> Moment.ATTESTED.of(figures) - Moment.WAITING.of(figures)),
					time(result, (figures) -> Moment.SVID.of(figures) - Moment.ATTESTED.of(figures)),
					time(result, (figures) -> figures.ready() - Moment.SVID.of(figures)), time(result, Figures::ready));
		}
		return table;
	}

	private static String time(Result result, ToLongFunction<Figures> figure) {
		return median(result, WebContest.SPIRE, figure, Units::time);
	}

	static Table parts(Result result) {
		Table table = new Table("main thread", WebContest.PEM, WebContest.SPIRE, "added");
		for (Part part : Part.values()) {
			row(table, result, part.toString(), part::of);
		}
		row(table, result, "all of it", Figures::ready);
		return table;
	}

	private static void row(Table table, Result result, String name, ToLongFunction<Figures> figure) {
		table.row(name, median(result, WebContest.PEM, figure, Units::time),
				median(result, WebContest.SPIRE, figure, Units::time),
				Units.time(result.added(WebContest.SPIRE, WebContest.PEM, figure).median()));
	}

	/**
	 * What the log of an application that serves its SVID tells.
	 */
	private enum Moment {

		WAITING("for the first X.509-SVID"),

		ATTESTED("Attested to "),

		SVID(" obtained from ");

		private final String text;

		Moment(String text) {
			this.text = text;
		}

		private long of(Figures figures) {
			return figures.at(this.text);
		}

	}

}
