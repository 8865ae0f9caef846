package dev.psat.benchmarks.payload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.test.SigningAlgorithm;
import dev.psat.test.SimulatedKubelet;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures the cost of our payload, and of creating it from a token that others read.
 */
public final class PayloadBenchmark implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		Effort effort = arguments.contains("quick") ? Effort.QUICK : Effort.FULL;
		// its lock is a file that is left behind and that another user cannot open
		System.setProperty("jmh.ignoreLock", "true");
		Path volume = Medium.likeKubelets().directory().resolve("psat-payload-" + ProcessHandle.current().pid());
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(volume)
			.audience(Payloads.AUDIENCE)
			.algorithm(SigningAlgorithm.RS256)
			.lifetime(Duration.ofHours(2))
			.build()) {
			Runtime.getRuntime().addShutdownHook(new Thread(kubelet::close));
			Figures figures = measure(effort, kubelet.tokenPath());
			return new PayloadReport(effort, figures).report(kubelet.token().length());
		}
	}

	private static Figures measure(Effort effort, Path token) throws RunnerException {
		Figures figures = new Figures();
		for (int round = 0; round < effort.rounds(); round++) {
			for (int threads : new int[] { 1, 2 }) {
				for (RunResult result : new Runner(effort.options(token, threads)).run()) {
					figures.add(result);
				}
			}
		}
		return figures;
	}

}
