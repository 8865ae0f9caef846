package dev.psat.benchmarks.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.psat.benchmarks.Sample;

/**
 * How long the rotations of a volume took to be noticed.
 */
final class Series {

	private final List<Long> times = new ArrayList<>();

	private int missed;

	/**
	 * Add a rotation.
	 * @param nanos how long it took, empty if it was missed
	 */
	void add(OptionalLong nanos) {
		if (nanos.isPresent()) {
			this.times.add(nanos.getAsLong());
		}
		else {
			this.missed++;
		}
	}

	boolean isEmpty() {
		return this.times.isEmpty();
	}

	Sample sample() {
		return Sample.of(this.times);
	}

	String missed() {
		return "%,d of %,d".formatted(this.missed, this.missed + this.times.size());
	}

}
