package dev.psat.benchmarks;

import java.util.Arrays;
import java.util.Collection;

import org.springframework.util.Assert;

/**
 * Figures of one kind, measured repeatedly.
 */
public final class Sample {

	/** Half of what is left of 95 %. */
	private static final double TAIL = 0.025;

	private final double[] sorted;

	private Sample(double[] figures) {
		Assert.isTrue(figures.length > 0, "There must be a figure");
		this.sorted = figures;
		Arrays.sort(this.sorted);
	}

	public static Sample of(Collection<? extends Number> figures) {
		return new Sample(figures.stream().mapToDouble(Number::doubleValue).toArray());
	}

	public int size() {
		return this.sorted.length;
	}

	public double median() {
		int middle = this.sorted.length / 2;
		return (this.sorted.length % 2 == 1) ? this.sorted[middle]
				: (this.sorted[middle - 1] + this.sorted[middle]) / 2;
	}

	/**
	 * Return how far the median may be from that of all possible figures.
	 * @return an interval that contains it at least 19 times out of 20, by the order of
	 * the figures alone; all of them if they are fewer than six, which is less certain
	 */
	public Sample medianInterval() {
		int outside = outsideInterval();
		return new Sample(Arrays.copyOfRange(this.sorted, outside, this.sorted.length - outside));
	}

	/**
	 * Each figure is as likely below the median as above it, so that the number of those
	 * below is binomial.
	 */
	private int outsideInterval() {
		int below = 0;
		double logarithm = -this.sorted.length * Math.log(2);
		double probability = Math.exp(logarithm);
		while (probability <= TAIL) {
			logarithm += Math.log((double) (this.sorted.length - below) / (below + 1));
			probability += Math.exp(logarithm);
			below++;
		}
		return Math.max(0, below - 1);
	}

	/**
	 * Return how many figures it takes until the median is known better: an interval
	 * becomes narrower by the root of their number.
	 * @param width how wide the {@link #medianInterval()} may be
	 * @return about how many figures
	 */
	public long sizeFor(double width) {
		Sample interval = medianInterval();
		double times = (interval.max() - interval.min()) / width;
		return (long) Math.ceil(this.sorted.length * times * times);
	}

	/**
	 * Return a percentile: the smallest figure that at least the given percentage of all
	 * figures do not exceed.
	 * @param percent between 0 and 100
	 * @return the figure
	 */
	public double percentile(double percent) {
		return this.sorted[Math.max(0, (int) Math.ceil(percent * this.sorted.length / 100) - 1)];
	}

	/**
	 * Return the half of the figures that is around the median.
	 * @return the figures from the lower to the upper quartile
	 */
	public Sample middleHalf() {
		return new Sample(new double[] { percentile(25), percentile(75) });
	}

	public double min() {
		return this.sorted[0];
	}

	public double max() {
		return this.sorted[this.sorted.length - 1];
	}

}
