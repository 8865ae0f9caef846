package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Counts how often a token is handed out that is no longer the newest, or has expired.
 */
public final class StalenessBenchmark implements Benchmark {

	static final String ON_TIME = "kubelet rotates by its rule";

	static final String DEAD = "kubelet no longer rotates";

	private static final int HOURS = 1000;

	private static final int DRAWS = 5;

	private static final long SEED = 4;

	/** If all is lost after some minutes, many short lives tell more than a long one. */
	private static final int HOURS_PER_DEAD_POD = 20;

	private static final Duration SHORTEST_LEAD = Duration.ofMinutes(10);

	private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");

	@Override
	public Report run(List<String> arguments) throws Exception {
		int hours = (arguments.size() > 0) ? Integer.parseInt(arguments.get(0)) : HOURS;
		long seed = (arguments.size() > 1) ? Long.parseLong(arguments.get(1)) : SEED;
		// otherwise, thousands of rotations are logged
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.psat", LogLevel.OFF);
		int hoursOfDraw = Math.max(1, hours / DRAWS);
		Measured<String, Findings> findings = new Measured<>("", List.of(ON_TIME, DEAD));
		for (long draw : new Random(seed).longs(DRAWS).toArray()) {
			findings.add(ON_TIME, onTime(hoursOfDraw, draw));
			findings.add(DEAD, dead(Math.max(1, hoursOfDraw / HOURS_PER_DEAD_POD), draw));
		}
		return StalenessReport.of(seed, findings);
	}

	private static Findings onTime(int hours, long seed) throws Exception {
		return live(seed, 1, (pod, random) -> pod.live(Duration.ZERO, Duration.ofHours(hours), false));
	}

	private static Findings dead(int pods, long seed) throws Exception {
		return live(seed, pods, (pod, random) -> {
			int more = random.nextInt((int) SHORTEST_LEAD.toMillis());
			pod.live(SHORTEST_LEAD.plusMillis(more), Duration.ofHours(1), true);
		});
	}

	private static Findings live(long seed, int pods, Life life) throws Exception {
		Findings findings = new Findings();
		SimulatedClock clock = new SimulatedClock(START);
		Random random = new Random(seed);
		try (WorkDirectory work = WorkDirectory.create()) {
			SimulatedKubelet kubelet = work.closing(SimulatedKubelet.builder()
				.directory(work.on(Medium.likeKubelets()).resolve("tokens"))
				.audience(Pod.AUDIENCE)
				.lifetime(Pod.LIFETIME)
				.clock(clock)
				.build());
			for (int pod = 0; pod < pods; pod++) {
				life.of(new Pod(kubelet, clock, random, findings), random);
			}
		}
		return findings;
	}

	private interface Life {

		void of(Pod pod, Random random);

	}

}
