package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;

/**
 * Reports the findings of all scenarios.
 */
final class StalenessReport {

	private final int hours;

	private final long seed;

	private final Map<Scenario, List<Findings>> findings;

	/**
	 * Create a report.
	 * @param hours the length of a draw
	 * @param seed the seed of the draws
	 * @param findings the findings of each draw
	 */
	StalenessReport(int hours, long seed, Map<Scenario, List<Findings>> findings) {
		this.hours = hours;
		this.seed = seed;
		this.findings = findings;
	}

	Report report() {
		Report report = new Report("Staleness").paragraph("""
				Tokens handed out to an application that asks every peer at the same instants, %s apart on \
				average, in simulated time, drawn with seed %d. A token lives for %s. kubelet requests the \
				next one from 80 %% of that on, less up to 9 seconds that are drawn on each check, and \
				checks when its sync loop comes around, every 60 to 90 seconds, so it swaps tokens at an \
				age of 471 to 571 s. 43 rotations of a real kubelet came at 473 to 492 s; caches then hand \
				out no expired tokens, but more replaced ones.\
				""".formatted(seconds(Pod.MEAN_PAUSE), this.seed, seconds(Pod.LIFETIME))).paragraph("""
				Share of all calls: the median of %d draws, with minimum and maximum. *Replaced*: kubelet \
				had already written another token. *Expired*: the token was past its `exp`. *Over a minute \
				ago*: the API server, which a SPIRE Server asks, no longer accepts it. *Refused*: the call \
				threw an exception instead of returning a token, as ours does from then on.\
				""".formatted(draws())).paragraph("""
				*Class* is the real class on real files, *rule* only what is known about when it reads. \
				Spring Vault's class is `KubernetesServiceAccountTokenFile`; the Kubernetes client's is \
				`RefreshAuthentication`, which accepts a clock, on top of what `TokenFileAuthentication` \
				reads. No server answers here; client-go also reads the file again after a 401 response.\
				""");
		this.findings.forEach((scenario, draws) -> report
			.paragraph("**%s.** %s %s calls in %s.".formatted(scenario.title(), scenario.description(),
					Units.number(draws.stream().mapToLong(Findings::calls).sum()), lives(scenario)))
			.table(peers(draws)));
		return report.paragraph("""
				Ours notices rotations in real time, while the simulated time stands still. All rotations together \
				took %s, including kubelet's signing and writing, which is missing from its *replaced* column, in over \
				%d hours.\
				""".formatted(Units.time(noticing()), 2 * this.hours * draws())).paragraph("""
				What our source reports when asked every second: for how many tokens, and how long after \
				their rotation was due, which is 120 s before they expire. It reports `PINNED` from the \
				start if the path is a mount of its own, as in a pod; here, the `subPath` is an open \
				descriptor, so it does so once the file behind it is gone. None of the others reports \
				anything.\
				""").table(alarms());
	}

	private int draws() {
		return this.findings.values().iterator().next().size();
	}

	private String lives(Scenario scenario) {
		int pods = draws() * scenario.pods(this.hours);
		return "%d pods, %d hours in all".formatted(pods, pods * scenario.time(this.hours).toHours());
	}

	private long noticing() {
		return this.findings.values().stream().flatMap(List::stream).mapToLong(Findings::noticing).sum();
	}

	private static Table peers(List<Findings> draws) {
		Table table = new Table("", "reads", "replaced", "expired", "over a minute ago", "refused");
		for (Peer peer : draws.get(0).peers()) {
			table.row(peer.name(), peer.reads(), share(draws, peer, Tally::replaced),
					share(draws, peer, Tally::expired), share(draws, peer, Tally::pastLeeway),
					share(draws, peer, Tally::refused));
		}
		return table;
	}

	private static String share(List<Findings> draws, Peer peer, ToDoubleFunction<Tally> share) {
		Sample sample = Sample.of(draws.stream().map((draw) -> share.applyAsDouble(draw.of(peer))).toList());
		return (sample.max() > 0) ? "%s %% (%s – %s)".formatted(Units.number(sample.median()),
				Units.number(sample.min()), Units.number(sample.max())) : "0 %";
	}

	private Table alarms() {
		Table table = new Table("", "tokens replaced", "at an age of", "`OVERDUE`", "`EXPIRED`", "`PINNED`");
		this.findings.forEach((scenario, draws) -> {
			List<Double> ages = draws.stream().flatMap((draw) -> draw.ages().stream()).toList();
			table.row(scenario.title(), ages.size(), range(ages), alarm(draws, TokenState.OVERDUE),
					alarm(draws, TokenState.EXPIRED), alarm(draws, SourceState.PINNED));
		});
		return table;
	}

	private static String alarm(List<Findings> draws, Enum<?> state) {
		List<Double> seconds = draws.stream().flatMap((draw) -> draw.alarms(state).stream()).toList();
		return seconds.isEmpty() ? "never" : "%d: %s".formatted(seconds.size(), range(seconds));
	}

	private static String range(List<Double> seconds) {
		if (seconds.isEmpty()) {
			return "";
		}
		Sample sample = Sample.of(seconds);
		return "%.0f – %.0f s".formatted(sample.min(), sample.max());
	}

	private static String seconds(Duration duration) {
		return duration.toSeconds() + " s";
	}

}
