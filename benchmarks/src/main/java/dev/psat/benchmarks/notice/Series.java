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

	private final List<Double> times = new ArrayList<>();

	/**
	 * Add a rotation.
	 * @param nanos how long it took, empty if it was missed
	 */
	void add(OptionalLong nanos) {
		this.times.add(nanos.isPresent() ? nanos.getAsLong() : Double.POSITIVE_INFINITY);
	}

	/**
	 * Return a percentile of the times; a missed rotation took longer than any other.
	 * @param percent between 0 and 100
	 * @return the time, or a dash if that rotation was missed
	 */
	String time(double percent) {
		return isMissed(percent) ? NONE : Units.time(percentile(percent));
	}

	/**
	 * Compare a percentile with that of another series.
	 * @param other the other series
	 * @param percent between 0 and 100
	 * @return how many times the other's it is, or a dash if one was missed
	 */
	String ratio(Series other, double percent) {
		return (isMissed(percent) || other.isMissed(percent)) ? NONE
				: Units.number(percentile(percent) / other.percentile(percent));
	}

	String missed() {
		return "%,d of %,d".formatted(this.times.stream().filter((time) -> time.isInfinite()).count(),
				this.times.size());
	}

	private boolean isMissed(double percent) {
		return Double.isInfinite(percentile(percent));
	}

	private double percentile(double percent) {
		return Sample.of(this.times).percentile(percent);
	}

}
