package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.spire.test.SpireMethod;

/**
 * Writes the report.
 */
final class LoadReport {

	private static final String NONE = "–";

	private final Scale scale;

	private final Episode start;

	private final Episode idle;

	private final List<Episode> returns;

	private final Episode inForce;

	private final Episode waiting;

	/**
	 * Create a report.
	 * @param scale how much was measured
	 * @param start when all clients started at once
	 * @param idle while they had nothing to do
	 * @param returns when the server came back to them soon
	 * @param inForce when the server came back to them at last
	 * @param waiting when a server came back to clients that had never seen it
	 */
	LoadReport(Scale scale, Episode start, Episode idle, List<Episode> returns, Episode inForce, Episode waiting) {
		this.scale = scale;
		this.start = start;
		this.idle = idle;
		this.returns = returns;
		this.inForce = inForce;
		this.waiting = waiting;
	}

	/**
	 * Write the report.
	 * @param ready how many clients were ready when the server came back to them
	 * @return the report
	 */
	Report report(long ready) {
		Report report = new Report("Load on the server").paragraph("""
				%d clients with the same address, each with an identity as the starter creates it, share \
				one JVM with a simulated server. The server attests one agent per second and address, \
				and reloads its entries every five seconds. The JVM is warm, since one machine does here \
				what many do elsewhere: the same number of clients has obtained SVIDs from another \
				server before, one after the other. All figures except the times come from the server.\
				""".formatted(this.scale.clients()))
			.paragraph(
					"""
							*Start*: all clients start at once. *Idle*: %s from the moment the last client has its SVID; SVIDs live for an hour, so none is renewed in that time. *Back to clients \
							with SVIDs*: the server of these clients was away, so nothing listened on its port, %d \
							times for %s (*soon*), then for %s; at the last return, %d of the clients were `READY`. *Back to clients \
							without*: another server came back, after at least %s, to the same number of clients, which had \
							started in the meantime. A server is watched for %s after its return, or until all \
							clients are served, whichever takes longer.\
							"""
						.formatted(text(this.scale.idle()), this.scale.returns(), text(this.scale.shortlyAway()),
								text(this.scale.away()), ready, text(this.scale.away()), text(this.scale.watch())))
			.paragraph("""
					A client is served when it is `READY` and, after a return to clients with SVIDs, has refreshed \
					its trust bundle without an error since; the time starts just before the first client or the \
					server does. A peak is the maximum in any one-second window; it comes from a \
					journal that is read every five milliseconds, and is never too low. For a server that \
					returned several times, figures are medians, with the maximum in brackets.\
					""");
		Table table = new Table("", "calls per client", "`AttestAgent` per client", "connections per client",
				"peak of calls", "peak of `AttestAgent`", "peak of connections", "half served after",
				"all served after");
		rows().forEach((episodes) -> row(table, episodes));
		report.table(table)
			.paragraph("While idle, per client and minute; a SPIRE Agent asks for its entries 12 times.")
			.table(idle());
		if (rows().flatMap(List::stream).anyMatch((episode) -> episode != this.idle && !episode.isComplete())) {
			report.failed();
		}
		return report;
	}

	private Stream<List<Episode>> rows() {
		return Stream.of(List.of(this.start), List.of(this.idle), this.returns, List.of(this.inForce),
				List.of(this.waiting));
	}

	private void row(Table table, List<Episode> episodes) {
		table.row(episodes.get(0).name(), means(episodes, Reading::allCalls), means(episodes, LoadReport::attestations),
				means(episodes, Reading::connections), peaks(episodes, Reading::allCalls),
				peaks(episodes, LoadReport::attestations), peaks(episodes, Reading::connections),
				times(episodes, Episode::halfServed), times(episodes, Episode::allServed));
	}

	private static int attestations(Reading reading) {
		return reading.calls(SpireMethod.ATTEST_AGENT);
	}

	private static String means(List<Episode> episodes, ToIntFunction<Reading> counter) {
		return figures(episodes.stream().map((episode) -> episode.each(counter)).toList(), Units::number);
	}

	private static String peaks(List<Episode> episodes, ToIntFunction<Reading> counter) {
		return figures(episodes.stream().map((episode) -> episode.traffic().peak(counter)).toList(),
				(peak) -> Units.count(Math.round(peak)));
	}

	/**
	 * Return times, or how many clients were served if too few were.
	 */
	private String times(List<Episode> episodes, Function<Episode, OptionalDouble> time) {
		if (episodes.contains(this.idle)) {
			return NONE;
		}
		List<OptionalDouble> times = episodes.stream().map(time).toList();
		if (times.stream().allMatch(OptionalDouble::isPresent)) {
			return figures(times.stream().map(OptionalDouble::getAsDouble).toList(), Units::time);
		}
		return "%d of %d served".formatted(episodes.stream().mapToInt((episode) -> episode.served().size()).sum(),
				episodes.stream().mapToInt(Episode::clients).sum());
	}

	private static String figures(List<? extends Number> figures, DoubleFunction<String> format) {
		Sample sample = Sample.of(figures);
		String median = format.apply(sample.median());
		return (sample.size() > 1) ? "%s (%s)".formatted(median, format.apply(sample.max())) : median;
	}

	private Table idle() {
		Table table = new Table("", "per client and minute");
		for (SpireMethod method : SpireMethod.values()) {
			if (this.idle.traffic().count((reading) -> reading.calls(method)) > 0) {
				String name = method.fullName();
				table.row("`%s`".formatted(name.substring(name.indexOf('/') + 1)),
						Units.number(this.idle.eachInAMinute((reading) -> reading.calls(method))));
			}
		}
		return table.row("all calls", Units.number(this.idle.eachInAMinute(Reading::allCalls)))
			.row("connections", Units.number(this.idle.eachInAMinute(Reading::connections)));
	}

	private static String text(Duration duration) {
		return Duration.ofSeconds(duration.toSeconds()).toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
