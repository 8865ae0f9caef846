package dev.psat.benchmarks.staleness;

import java.util.List;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.token.TokenState;

/**
 * Reports the findings.
 */
final class StalenessReport {

	private StalenessReport() {
	}

	static Report of(long seed, Measured<String, Findings> findings) {
		Table shares = new Table("", "calls", "replaced", "expired", "over a minute ago", "refused");
		Table alarms = new Table("", "tokens replaced", "at an age of", "`OVERDUE`", "`EXPIRED`");
		for (String scenario : findings.names()) {
			List<Findings> draws = findings.of(scenario);
			shares.row(scenario, Units.count(sum(draws, Findings::calls)),
					share(findings.sample(scenario, Findings::replaced)),
					share(findings.sample(scenario, Findings::expired)),
					share(findings.sample(scenario, Findings::pastLeeway)),
					share(findings.sample(scenario, Findings::refused)));
			List<Double> ages = draws.stream().flatMap((draw) -> draw.ages().stream()).toList();
			alarms.row(scenario, Units.count(ages.size()), range(ages), alarm(draws, TokenState.OVERDUE),
					alarm(draws, TokenState.EXPIRED));
		}
		return new Report("Staleness")
			.paragraph(
					"""
							Tokens that a `TokenSource` hands out to an application that asks for one every %d s on average, in \
							simulated time, drawn with seed %d. A token lives for %d s. kubelet requests the next one from 80 %% of \
							that on, less up to 9 seconds that are drawn on each check, and checks when its sync loop comes around, \
							every 60 to 90 seconds, so it swaps tokens at an age of 471 to 571 s; 43 rotations of a real kubelet \
							came at 473 to 492 s. In the second row, it stops between the 10th and the 20th minute of the pod, as if \
							the pod were terminating or one of its volumes were stuck, and the hour from then on counts.\
							"""
						.formatted(Pod.MEAN_PAUSE.toSeconds(), seed, Pod.LIFETIME.toSeconds()))
			.paragraph(
					"""
							Share of all calls: the median of %d draws, with minimum and maximum. *Replaced*: kubelet had \
							already written another token. *Expired*: the token was past its `exp`. *Over a minute ago*: the \
							API server, which a SPIRE Server asks, no longer accepts it. *Refused*: the call threw an exception \
							instead of returning a token.\
							"""
						.formatted(findings.rounds()))
			.table(shares)
			.paragraph("""
					Rotations are noticed in real time, while the simulated time stands still. All of the first row \
					together took %s, including kubelet's signing and writing, which is missing from *replaced*. What \
					the source reports when asked every second: for how many tokens, and how long after their rotation \
					was due, which is 120 s before they expire:\
					""".formatted(Units.time(sum(findings.of(StalenessBenchmark.ON_TIME), Findings::noticing))))
			.table(alarms);
	}

	private static double sum(List<Findings> draws, ToDoubleFunction<Findings> figure) {
		return draws.stream().mapToDouble(figure).sum();
	}

	private static String share(Sample sample) {
		return (sample.max() > 0)
				? "%s %% (%s)".formatted(Units.number(sample.median()), Units.range(sample, Units::number)) : "0 %";
	}

	private static String alarm(List<Findings> draws, TokenState state) {
		List<Double> seconds = draws.stream().flatMap((draw) -> draw.alarms(state).stream()).toList();
		return seconds.isEmpty() ? "never" : "%d: %s".formatted(seconds.size(), range(seconds));
	}

	private static String range(List<Double> seconds) {
		Sample sample = Sample.of(seconds);
		return "%.0f – %.0f s".formatted(sample.min(), sample.max());
	}

}
