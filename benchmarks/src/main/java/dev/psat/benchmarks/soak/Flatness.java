package dev.psat.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.Sample;

/**
 * How a figure developed over time: the medians of the thirds, and the overall trend.
 *
 * @param start median of the first third
 * @param middle median of the second third
 * @param end median of the last third
 * @param max the largest figure
 * @param trend the median of all slopes between two figures, multiplied by the time from
 * the first to the last one
 */
record Flatness(double start, double middle, double end, double max, double trend) {

	/** With fewer, the median of a third means nothing. */
	static final int LEAST = 9;

	/**
	 * Examine figures that were taken at equal intervals.
	 * @param figures at least {@value #LEAST} figures
	 * @return how they developed
	 */
	static Flatness of(List<? extends Number> figures) {
		int third = figures.size() / 3;
		int last = figures.size() - third;
		return new Flatness(Sample.of(figures.subList(0, third)).median(),
				Sample.of(figures.subList(third, last)).median(),
				Sample.of(figures.subList(last, figures.size())).median(), Sample.of(figures).max(), trend(figures));
	}

	/**
	 * Return whether the figure did not grow. Both must indicate growth: the medians
	 * alone would mistake a single step for a leak, the trend alone a growth that was
	 * over early.
	 * @param allowed how much more at the end is not considered growth
	 * @return whether it is flat
	 */
	boolean isFlat(double allowed) {
		return this.end - this.start <= allowed || this.trend <= allowed;
	}

	private static double trend(List<? extends Number> figures) {
		List<Double> slopes = new ArrayList<>();
		for (int to = 1; to < figures.size(); to++) {
			for (int from = 0; from < to; from++) {
				slopes.add((figures.get(to).doubleValue() - figures.get(from).doubleValue()) / (to - from));
			}
		}
		return Sample.of(slopes).median() * (figures.size() - 1);
	}

}
