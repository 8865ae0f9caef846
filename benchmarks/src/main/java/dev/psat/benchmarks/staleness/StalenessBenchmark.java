package dev.psat.benchmarks.staleness;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Tmpfs;
import dev.psat.benchmarks.Units;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Counts how often a token is handed out that is no longer the newest, or has expired.
 */
public final class StalenessBenchmark implements Benchmark {

	private static final int HOURS = 1000;

	private static final long SEED = 4;

	private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");

	@Override
	public Report run(List<String> arguments) {
		int hours = (arguments.size() > 0) ? Integer.parseInt(arguments.get(0)) : HOURS;
		long seed = (arguments.size() > 1) ? Long.parseLong(arguments.get(1)) : SEED;
		// thousands of rotations are logged otherwise
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.psat", LogLevel.OFF);
		Map<Scenario, Findings> findings = new EnumMap<>(Scenario.class);
		for (Scenario scenario : Scenario.values()) {
			findings.put(scenario, live(scenario, hours, seed));
		}
		return report(hours, seed, findings);
	}

	private static Findings live(Scenario scenario, int hours, long seed) {
		Findings findings = new Findings();
		SimulatedClock clock = new SimulatedClock(START);
		Random random = new Random(seed);
		Path volume = Tmpfs.directory()
			.resolve("psat-staleness-%d-%s".formatted(ProcessHandle.current().pid(), scenario));
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(volume)
			.audience(Pod.AUDIENCE)
			.lifetime(Pod.LIFETIME)
			.clock(clock)
			.build()) {
			Runtime.getRuntime().addShutdownHook(new Thread(kubelet::close));
			for (int pod = 0; pod < scenario.pods(hours); pod++) {
				new Pod(scenario, kubelet, clock, random, findings).live(scenario.time(hours));
			}
		}
		return findings;
	}

	private static Report report(int hours, long seed, Map<Scenario, Findings> findings) {
		Report report = new Report("Staleness")
			.paragraph(
					"""
							What is handed out to an application that asks everybody for the token at the same instants, %s apart on \
							average, in simulated time, drawn with seed %d. A token lives %s. kubelet asks for the next one from \
							80 %% of that on, less up to 9 seconds that are drawn at each look, and looks when its sync loop comes \
							round, every 60 to 90 seconds: so its rule makes it swap at an age of 471 to 571 s. 43 rotations of a \
							real kubelet came at 473 to 492 s, which is kinder to caches than the rule.\
							"""
						.formatted(seconds(Pod.MEAN_PAUSE), seed, seconds(Pod.LIFETIME)))
			.paragraph(
					"""
							Share of all calls. *Replaced*: kubelet had written another token before. *Expired*: the token was past \
							its `exp`; the API server, which a SPIRE Server asks, still takes it for a minute. *Refused*: there was \
							an exception instead of a token, which is what ours does after that minute. *Class* is the real class, \
							*rule* only what is known of it. The Kubernetes client's is `RefreshAuthentication`, which takes a clock, \
							over what `TokenFileAuthentication` reads. No server answers here: client-go reads anew after an \
							answer of 401. fabric8 has the period of the Kubernetes client.\
							""");
		findings
			.forEach((scenario, found) -> report
				.paragraph("**%s.** %s %,d calls in %s.".formatted(scenario.title(), scenario.description(),
						found.calls(), lives(scenario, hours)))
				.table(peers(found)));
		long noticing = findings.values().stream().mapToLong(Findings::noticing).sum();
		return report.paragraph("""
				Ours notices in real time, while the simulated time stands still. All rotations together took it %s, \
				kubelet's signing and writing included: that is what its column *replaced* lacks, in %d hours.\
				""".formatted(Units.time(noticing), 2 * hours)).paragraph("""
				What our source says of it, asked each second: for how many tokens, and how many seconds after their \
				rotation was due, which is 120 s before they expire. `PINNED` is said from the start where the path is \
				a mount of its own, as in a pod; the `subPath` here is an open descriptor, which shows it once the \
				file behind it is gone. None of the others says anything.\
				""").table(alarms(findings));
	}

	private static String lives(Scenario scenario, int hours) {
		int pods = scenario.pods(hours);
		return (pods == 1) ? scenario.time(hours).toHours() + " hours" : "%d pods, one hour each".formatted(pods);
	}

	private static String seconds(Duration duration) {
		return duration.toSeconds() + " s";
	}

	private static Table peers(Findings findings) {
		Table table = new Table("", "reads", "replaced", "expired", "expired for over a minute", "refused");
		findings.tallies()
			.forEach((peer, tally) -> table.row(peer.name(), peer.reads(), percent(tally.replaced()),
					percent(tally.expired()), percent(tally.pastLeeway()), percent(tally.refusals())));
		return table;
	}

	private static Table alarms(Map<Scenario, Findings> findings) {
		Table table = new Table("", "tokens replaced", "at an age of", "`OVERDUE`", "`EXPIRED`", "`PINNED`");
		findings.forEach((scenario, found) -> table.row(scenario.title(), found.ages().size(),
				range(found.ages().stream().map((age) -> age / 1000.0).toList()),
				alarm(found.alarms(TokenState.OVERDUE)), alarm(found.alarms(TokenState.EXPIRED)),
				alarm(found.alarms(SourceState.PINNED))));
		return table;
	}

	private static String alarm(List<Double> seconds) {
		return seconds.isEmpty() ? "never" : "%d ×, %s".formatted(seconds.size(), range(seconds));
	}

	private static String range(List<Double> seconds) {
		Sample sample = Sample.of(seconds);
		return "%.0f – %.0f s".formatted(sample.min(), sample.max());
	}

	private static String percent(double percent) {
		return Units.number(percent) + " %";
	}

}
