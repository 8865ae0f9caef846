package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;

/**
 * Tortures the library with swaps, and then soaks it in faults that are drawn at random.
 */
public final class SoakBenchmark implements Benchmark {

	/** A shorter soak is a trial run. */
	private static final Duration FULL = Duration.ofMinutes(5);

	private static final int SEEDS = 1_000_000;

	@Override
	public Report run(List<String> arguments) throws Exception {
		Duration duration = Duration.parse("PT" + (arguments.isEmpty() ? "30m" : arguments.get(0)));
		long seed = (arguments.size() > 1) ? Long.parseLong(arguments.get(1)) : new Random().nextInt(SEEDS);
		System.out.println("Seed " + seed);
		SwapTorture torture = SwapTorture.run(duration.compareTo(FULL) >= 0);
		Soak soak = new Soak(duration, seed);
		soak.run();
		return new SoakReport(torture, soak).report(duration, seed);
	}

}
