package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;

/**
 * What came of a heat.
 *
 * @param way the way in which all were started
 * @param rounds the figures of each round by the name of the racer
 */
record Result(String way, List<Map<String, Figures>> rounds) {

	boolean isOf(String racer) {
		return this.rounds.get(0).containsKey(racer);
	}

	Sample of(String racer, ToLongFunction<Figures> figure) {
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
	Sample added(String racer, String other, ToLongFunction<Figures> figure) {
		return Sample.of(this.rounds.stream()
			.map((round) -> value(round, racer, figure) - value(round, other, figure))
			.toList());
	}

	private static long value(Map<String, Figures> round, String racer, ToLongFunction<Figures> figure) {
		return figure.applyAsLong(Objects.requireNonNull(round.get(racer), racer));
	}

}
