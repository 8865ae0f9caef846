package dev.psat.benchmarks.spire.start;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Starts all racers round by round, one at a time, so that whatever else the machine does
 * meets all of them.
 */
final class Race {

	private Race() {
	}

	/**
	 * Run a race. Whoever begins a heat ends it in the next round.
	 * @param <T> what is measured
	 * @param heats who takes part
	 * @param rounds how often
	 * @param measurement what is measured of a start
	 * @return the results, in the order of the heats
	 * @throws Exception if a start fails
	 */
	static <T> List<Result<T>> run(List<Heat> heats, int rounds, Measurement<T> measurement) throws Exception {
		List<List<Map<String, T>>> measured = new ArrayList<>();
		heats.forEach((heat) -> measured.add(new ArrayList<>()));
		for (int round = 0; round < rounds; round++) {
			for (int heat = 0; heat < heats.size(); heat++) {
				measured.get(heat).add(once(heats.get(heat), round, measurement));
			}
		}
		return IntStream.range(0, heats.size())
			.mapToObj((heat) -> new Result<>(heats.get(heat).way(), measured.get(heat)))
			.toList();
	}

	private static <T> Map<String, T> once(Heat heat, int round, Measurement<T> measurement) throws Exception {
		List<Racer> racers = new ArrayList<>(heat.racers());
		Collections.rotate(racers, -round);
		Map<String, T> figures = new HashMap<>();
		for (Racer racer : racers) {
			figures.put(racer.name(), measurement.of(racer));
		}
		return figures;
	}

	/**
	 * Starts a racer once, and stops it.
	 *
	 * @param <T> what is measured
	 */
	@FunctionalInterface
	interface Measurement<T> {

		T of(Racer racer) throws Exception;

	}

}
