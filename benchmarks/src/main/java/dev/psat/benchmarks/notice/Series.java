package dev.psat.benchmarks.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Units;

/**
 * How long the rotations of a volume took to be noticed.
 */
final class Series {

	private static final String NONE = "–";

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

	/**
	 * Return a percentile of the times.
	 * @param percent between 0 and 100
	 * @return the time, or a dash if all rotations were missed
	 */
	String time(double percent) {
		return this.times.isEmpty() ? NONE : Units.time(percentile(percent));
	}

	/**
	 * Compare a percentile with that of another series.
	 * @param other the other series
	 * @param percent between 0 and 100
	 * @return how many times the other's it is, or a dash if one has none
	 */
	String ratio(Series other, double percent) {
		return (this.times.isEmpty() || other.times.isEmpty()) ? NONE
				: Units.number(percentile(percent) / other.percentile(percent));
	}

	String missed() {
		return "%,d of %,d".formatted(this.missed, this.missed + this.times.size());
	}

	private double percentile(double percent) {
		return Sample.of(this.times).percentile(percent);
	}

}
