package dev.psat.benchmarks.staleness;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Counts how often a token is handed out that is no longer the newest, or has expired.
 */
public final class StalenessBenchmark implements Benchmark {

	private static final int HOURS = 1000;

	private static final int DRAWS = 5;

	private static final long SEED = 4;

	private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");

	@Override
	public Report run(List<String> arguments) {
		int hours = (arguments.size() > 0) ? Integer.parseInt(arguments.get(0)) : HOURS;
		long seed = (arguments.size() > 1) ? Long.parseLong(arguments.get(1)) : SEED;
		// otherwise, thousands of rotations are logged
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.psat", LogLevel.OFF);
		int hoursOfDraw = Math.max(1, hours / DRAWS);
		Map<Scenario, List<Findings>> findings = new EnumMap<>(Scenario.class);
		for (Scenario scenario : Scenario.values()) {
			List<Findings> draws = new ArrayList<>();
			new Random(seed).longs(DRAWS).forEach((draw) -> draws.add(live(scenario, hoursOfDraw, draw)));
			findings.put(scenario, draws);
		}
		return new StalenessReport(hoursOfDraw, seed, findings).report();
	}

	private static Findings live(Scenario scenario, int hours, long seed) {
		Findings findings = new Findings();
		SimulatedClock clock = new SimulatedClock(START);
		Random random = new Random(seed);
		Path volume = Medium.likeKubelets().directory().resolve("psat-staleness-" + ProcessHandle.current().pid());
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

}
