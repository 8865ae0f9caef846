package dev.psat.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * Contestants that are measured in turns, so that whatever else the machine does meets
 * all of them. Each round begins with another one.
 *
 * @param <K> the type of their names
 * @param <C> their type
 */
public final class Turns<K, C> {

	private final String name;

	private final Map<K, C> contestants;

	private final @Nullable Random random;

	/**
	 * Create turns.
	 * @param name what its contestants have in common
	 * @param contestants the contestants by name
	 */
	public Turns(String name, Map<K, C> contestants) {
		this(name, contestants, null);
	}

	private Turns(String name, Map<K, C> contestants, @Nullable Random random) {
		this.name = name;
		this.contestants = new LinkedHashMap<>(contestants);
		this.random = random;
	}

	/**
	 * Create turns of contestants that are their own names.
	 * @param <K> their type
	 * @param contestants the contestants
	 * @return their turns
	 */
	public static <K> Turns<K, K> of(Collection<K> contestants) {
		Map<K, K> names = new LinkedHashMap<>();
		contestants.forEach((contestant) -> names.put(contestant, contestant));
		return new Turns<>("", names);
	}

	/**
	 * Draw the order of each round.
	 * @param random the source of random numbers
	 * @return turns in random order
	 */
	public Turns<K, C> shuffled(Random random) {
		return new Turns<>(this.name, this.contestants, random);
	}

	/**
	 * Measure all contestants in each round.
	 * @param <T> the type of a figure
	 * @param rounds the number of rounds
	 * @param measurement measures one of them
	 * @return the figures
	 * @throws Exception if one cannot be measured
	 */
	public <T> Measured<K, T> measure(int rounds, Measurement<C, T> measurement) throws Exception {
		return measure(List.of(this), rounds, measurement).get(0);
	}

	/**
	 * Measure several fields of contestants. Those of a field follow each other directly,
	 * and the fields take turns, too.
	 * @param <K> the type of the names
	 * @param <C> the type of the contestants
	 * @param <T> the type of a figure
	 * @param fields the fields
	 * @param rounds the number of rounds
	 * @param measurement measures one of the contestants
	 * @return the figures of each field
	 * @throws Exception if one cannot be measured
	 */
	public static <K, C, T> List<Measured<K, T>> measure(List<Turns<K, C>> fields, int rounds,
			Measurement<C, T> measurement) throws Exception {
		List<Measured<K, T>> measured = new ArrayList<>();
		fields.forEach((field) -> measured.add(new Measured<>(field.name, field.contestants.keySet())));
		for (int round = 0; round < rounds; round++) {
			for (int field = 0; field < fields.size(); field++) {
				fields.get(field).once(round, measurement, measured.get(field));
			}
		}
		return measured;
	}

	private <T> void once(int round, Measurement<C, T> measurement, Measured<K, T> measured) throws Exception {
		List<Map.Entry<K, C>> order = new ArrayList<>(this.contestants.entrySet());
		if (this.random != null) {
			Collections.shuffle(order, this.random);
		}
		else {
			Collections.rotate(order, -round);
		}
		for (Map.Entry<K, C> contestant : order) {
			measured.add(contestant.getKey(), measurement.of(contestant.getValue()));
		}
	}

	/**
	 * Measures a contestant.
	 *
	 * @param <C> the type of the contestant
	 * @param <T> the type of the figure
	 */
	@FunctionalInterface
	public interface Measurement<C, T> {

		/**
		 * Measure it.
		 * @param contestant the contestant
		 * @return its figure
		 * @throws Exception if it cannot be measured
		 */
		T of(C contestant) throws Exception;

	}

}
