package dev.psat.benchmarks.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Determines which fault follows which. They come in rounds; each round has every fault
 * once, in a different order.
 *
 * @param <T> the type of a fault
 */
public final class Rounds<T> {

	private final List<T> faults;

	private final Random random;

	private final List<T> round = new ArrayList<>();

	public Rounds(List<T> faults, Random random) {
		this.faults = faults;
		this.random = random;
	}

	/**
	 * Return the next fault.
	 * @return one that has not been in this round yet
	 */
	public T next() {
		if (this.round.isEmpty()) {
			this.round.addAll(this.faults);
			Collections.shuffle(this.round, this.random);
		}
		return this.round.remove(this.round.size() - 1);
	}

}
