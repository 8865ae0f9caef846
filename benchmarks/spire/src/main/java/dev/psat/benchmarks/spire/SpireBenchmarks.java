package dev.psat.benchmarks.spire;

import java.util.Map;
import java.util.TreeMap;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Benchmarks;
import dev.psat.benchmarks.spire.attest.AttestBenchmark;
import dev.psat.benchmarks.spire.load.LoadBenchmark;
import dev.psat.benchmarks.spire.soak.SpireSoakBenchmark;
import dev.psat.benchmarks.spire.start.StartBenchmark;
import dev.psat.benchmarks.spire.tls.TlsBenchmark;

/**
 * Runs one benchmark of the SPIRE half and writes its result.
 */
public final class SpireBenchmarks {

	private static final Map<String, Benchmark> ALL = new TreeMap<>(
			Map.of("spire-attest", new AttestBenchmark(), "spire-start", new StartBenchmark(), "spire-tls",
					new TlsBenchmark(), "spire-load", new LoadBenchmark(), "spire-soak", new SpireSoakBenchmark()));

	private SpireBenchmarks() {
	}

	/**
	 * Run a benchmark.
	 * @param args its name and its arguments
	 * @throws Exception if it could not be measured
	 */
	public static void main(String[] args) throws Exception {
		Benchmarks.run(ALL, args);
	}

}
