package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;

/**
 * Result of a heat.
 *
 * @param <T> what was measured
 * @param way the way in which all were started
 * @param rounds what was measured in each round by the name of the racer
 */
record Result<T>(String way, List<Map<String, T>> rounds) {

	Sample of(String racer, ToLongFunction<T> figure) {
		return Sample.of(this.rounds.stream().map((round) -> value(round, racer, figure)).toList());
	}

	/**
	 * Return how much more one takes than another, by their differences within each
	 * round.
	 * @param racer the one
	 * @param other the other
	 * @param figure what they take
	 * @return the differences
	 */
	Sample added(String racer, String other, ToLongFunction<T> figure) {
		return Sample.of(this.rounds.stream()
			.map((round) -> value(round, racer, figure) - value(round, other, figure))
			.toList());
	}

	private static <T> long value(Map<String, T> round, String racer, ToLongFunction<T> figure) {
		return figure.applyAsLong(Objects.requireNonNull(round.get(racer), racer));
	}

}
