package dev.psat.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured of contestants, round by round.
 *
 * @param <K> the type of their names
 * @param <T> what was measured of one of them in a round
 */
public final class Measured<K, T> {

	private final String name;

	private final Map<K, List<T>> figures = new LinkedHashMap<>();

	/**
	 * Create what has nothing yet.
	 * @param name what the contestants have in common
	 * @param names their names, in the order in which they are told
	 */
	public Measured(String name, Collection<K> names) {
		this.name = name;
		names.forEach((each) -> this.figures.put(each, new ArrayList<>()));
	}

	public String name() {
		return this.name;
	}

	public void add(K name, T figure) {
		of(name).add(figure);
	}

	public Set<K> names() {
		return this.figures.keySet();
	}

	/**
	 * Return what was measured of one of them.
	 * @param name its name
	 * @return the figures by round
	 */
	public List<T> of(K name) {
		return Objects.requireNonNull(this.figures.get(name), () -> "Nothing was measured of " + name);
	}

	public int rounds() {
		return this.figures.values().iterator().next().size();
	}

	public Sample sample(K name, ToDoubleFunction<? super T> figure) {
		return Sample.of(of(name).stream().map(figure::applyAsDouble).toList());
	}

	/**
	 * Subtract the other's figure in each round.
	 * @param name the one
	 * @param other the other
	 * @param figure what is compared
	 * @return the differences
	 */
	public Sample differences(K name, K other, ToDoubleFunction<? super T> figure) {
		return pairs(name, other, figure, (one, another) -> one - another);
	}

	/**
	 * Divide by the other's figure in each round.
	 * @param name the one
	 * @param other the other
	 * @param figure what is compared
	 * @return the ratios
	 */
	public Sample ratios(K name, K other, ToDoubleFunction<? super T> figure) {
		return pairs(name, other, figure, (one, another) -> one / another);
	}

	private Sample pairs(K name, K other, ToDoubleFunction<? super T> figure, DoubleBinaryOperator comparison) {
		return Sample.of(IntStream.range(0, rounds())
			.mapToObj((round) -> comparison.applyAsDouble(figure.applyAsDouble(of(name).get(round)),
					figure.applyAsDouble(of(other).get(round))))
			.toList());
	}

}
