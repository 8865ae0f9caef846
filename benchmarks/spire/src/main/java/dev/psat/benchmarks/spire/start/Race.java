package dev.psat.benchmarks.spire.start;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Starts all racers round by round, one at a time, so that all see the same weather.
 */
final class Race {

	private Race() {
	}

	/**
	 * Run a race. The first start of each racer does not count, since files come from the
	 * disk. Whoever begins a heat ends it in the next round.
	 * @param heats who takes part
	 * @param rounds how often
	 * @return the results, in the order of the heats
	 * @throws Exception if a start fails
	 */
	static List<Result> run(List<Heat> heats, int rounds) throws Exception {
		for (Heat heat : heats) {
			for (Racer racer : heat.racers()) {
				racer.run().start();
			}
		}
		List<List<Map<String, Figures>>> measured = new ArrayList<>();
		heats.forEach((heat) -> measured.add(new ArrayList<>()));
		for (int round = 0; round < rounds; round++) {
			for (int heat = 0; heat < heats.size(); heat++) {
				measured.get(heat).add(once(heats.get(heat), round));
			}
		}
		return IntStream.range(0, heats.size())
			.mapToObj((heat) -> new Result(heats.get(heat).way(), measured.get(heat)))
			.toList();
	}

	private static Map<String, Figures> once(Heat heat, int round) throws Exception {
		List<Racer> racers = new ArrayList<>(heat.racers());
		Collections.rotate(racers, -round);
		Map<String, Figures> figures = new HashMap<>();
		for (Racer racer : racers) {
			figures.put(racer.name(), racer.run().start());
		}
		return figures;
	}

}
