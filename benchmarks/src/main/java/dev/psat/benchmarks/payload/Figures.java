package dev.psat.benchmarks.payload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.psat.benchmarks.Sample;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

import org.springframework.util.Assert;

/**
 * The figures that JMH has measured, one for each JVM.
 */
final class Figures {

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	private final Map<String, List<Double>> times = new TreeMap<>();

	private final Map<String, List<Double>> bytes = new TreeMap<>();

	void add(RunResult result) {
		Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
		Assert.state(allocated != null, "The GC profiler has measured nothing");
		String benchmark = result.getParams().getBenchmark();
		String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
		String key = key(method, result.getParams().getThreads());
		this.times.computeIfAbsent(key, (absent) -> new ArrayList<>()).add(result.getPrimaryResult().getScore());
		this.bytes.computeIfAbsent(key, (absent) -> new ArrayList<>()).add(allocated.getScore());
	}

	/**
	 * Return how long a call took.
	 * @param method the method
	 * @param threads the number of threads that called it concurrently
	 * @return nanoseconds
	 */
	Sample times(String method, int threads) {
		return Sample.of(this.times.getOrDefault(key(method, threads), List.of()));
	}

	/**
	 * Return how much a call by a single thread allocated.
	 * @param method the method
	 * @return bytes
	 */
	Sample bytes(String method) {
		return Sample.of(this.bytes.getOrDefault(key(method, 1), List.of()));
	}

	private static String key(String method, int threads) {
		return method + "/" + threads;
	}

}
