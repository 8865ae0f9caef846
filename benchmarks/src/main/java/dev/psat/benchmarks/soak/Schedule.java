package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Determines which fault begins when. Depends on nothing but a seed, so that it can be
 * replayed.
 *
 * @param <T> the type of a fault
 */
final class Schedule<T> {

	private static final Duration SHORTEST_GAP = Duration.ofMillis(500);

	private static final Duration LONGEST_GAP = Duration.ofMillis(3500);

	/** Time left for the last fault to end. */
	private static final Duration RESERVE = Duration.ofSeconds(5);

	private final List<Step<T>> steps = new ArrayList<>();

	/**
	 * Draw a schedule.
	 * @param seed the seed that determines everything
	 * @param duration how long it lasts
	 * @param faults all faults
	 */
	Schedule(long seed, Duration duration, List<T> faults) {
		Random random = new Random(seed);
		Rounds<T> rounds = new Rounds<>(faults, random);
		Duration at = gap(random);
		while (at.compareTo(duration.minus(RESERVE)) < 0) {
			this.steps.add(new Step<>(at, rounds.next(), random.nextLong()));
			at = at.plus(gap(random));
		}
	}

	/**
	 * Return what was drawn.
	 * @return the steps, in their order
	 */
	List<Step<T>> steps() {
		return this.steps;
	}

	private static Duration gap(Random random) {
		return SHORTEST_GAP.plusMillis(random.nextInt((int) LONGEST_GAP.minus(SHORTEST_GAP).toMillis() + 1));
	}

	/**
	 * One fault.
	 *
	 * @param <T> the type of the fault
	 * @param at when it begins, at the earliest, since the beginning of all
	 * @param fault the fault
	 * @param seed the seed that determines what the fault leaves open
	 */
	record Step<T>(Duration at, T fault, long seed) {

	}

}
