package dev.psat.benchmarks.startup;

import java.util.List;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;

/**
 * A figure of many starts.
 *
 * @param without the figure of each without the starter
 * @param with the figure of each with the starter
 * @param added the difference within each pair of neighbours
 */
record Comparison(Sample without, Sample with, Sample added) {

	static <T> Comparison of(List<Variants<T>> pairs, ToLongFunction<T> figure) {
		return new Comparison(Sample.of(pairs.stream().map((pair) -> figure.applyAsLong(pair.without())).toList()),
				Sample.of(pairs.stream().map((pair) -> figure.applyAsLong(pair.with())).toList()),
				Sample.of(pairs.stream()
					.map((pair) -> figure.applyAsLong(pair.with()) - figure.applyAsLong(pair.without()))
					.toList()));
	}

}
