package dev.psat.benchmarks.spire;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Benchmarks;
import dev.psat.benchmarks.spire.attest.AttestBenchmark;
import dev.psat.benchmarks.spire.start.StartBenchmark;
import dev.psat.benchmarks.spire.tls.ChainBenchmark;
import dev.psat.benchmarks.spire.tls.ConnectionBenchmark;
import dev.psat.benchmarks.spire.tls.TlsBenchmark;
import dev.psat.benchmarks.spire.workload.WorkloadBenchmark;

import org.springframework.util.Assert;

/**
 * Runs one benchmark of the SPIRE half and writes its result.
 */
public final class SpireBenchmarks {

	private static final Benchmark LOAD = new TortureReport("Load on the server", "psat-spire", "LoadTortureTests",
			SpireBenchmarks::load);

	private static final Benchmark SOAK = new TortureReport("Soak of the SPIRE half", "tls-tests/tomcat",
			"SpireSoakTortureTests", (arguments) -> torture("soak", "30m", arguments));

	private static final Benchmark STORM = new TortureReport("Storms", "tls-tests/tomcat", "SpireStormTortureTests",
			(arguments) -> torture("storm", "1h", arguments));

	private static final Map<String, Benchmark> ALL = new TreeMap<>(Map.of("spire-attest", new AttestBenchmark(),
			"spire-start", new StartBenchmark(), "spire-tls", new TlsBenchmark(), "spire-load", LOAD, "spire-soak",
			SOAK, "spire-storm", STORM, "spire-workload", new WorkloadBenchmark(), "spire-connections",
			new ConnectionBenchmark(), "spire-chains", new ChainBenchmark()));

	private SpireBenchmarks() {
	}

	/**
	 * Without the profile, two clients visit the server every 100 milliseconds.
	 */
	private static Stream<String> load(List<String> arguments) {
		Assert.isTrue(arguments.isEmpty() || arguments.equals(List.of("quick")), "The only argument is 'quick'");
		return arguments.isEmpty() ? Stream.of("-Ptorture", "-Dload.idle=10m", "-Dload.away=5m") : Stream.of("-Pmatrix");
	}

	private static Stream<String> torture(String test, String fullLength, List<String> arguments) {
		String duration = arguments.isEmpty() ? fullLength : arguments.get(0);
		return Stream.concat(Stream.of("-Ptorture", "-D%s.duration=%s".formatted(test, duration)),
				arguments.stream().skip(1).map((seed) -> "-D%s.seed=%s".formatted(test, seed)));
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
