package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;

/**
 * Soaks two applications in faults of the SPIRE Server that are drawn at random.
 */
public final class SpireSoakBenchmark implements Benchmark {

	private static final int SEEDS = 1_000_000;

	@Override
	public Report run(List<String> arguments) throws Exception {
		Duration duration = Duration.parse("PT" + (arguments.isEmpty() ? "30m" : arguments.get(0)));
		long seed = (arguments.size() > 1) ? Long.parseLong(arguments.get(1)) : new Random().nextInt(SEEDS);
		System.out.println("Seed " + seed);
		SpireSoak soak = new SpireSoak(duration, seed);
		soak.run();
		return new SpireSoakReport(soak).report(duration, seed);
	}

}
