package dev.psat.benchmarks;

import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Formats figures with three significant digits and a suitable unit.
 */
public final class Units {

	private static final String[] TIMES = { "ns", "µs", "ms", "s" };

	private static final String[] SIZES = { "B", "KiB", "MiB", "GiB" };

	private static final int DIGITS = 3;

	private static final int MOST_DECIMALS = 6;

	private Units() {
	}

	/**
	 * Format a time.
	 * @param nanos nanoseconds
	 * @return for instance {@code 4.25 ms}
	 */
	public static String time(double nanos) {
		return scaled(nanos, 1000, TIMES);
	}

	/**
	 * Format a size.
	 * @param bytes the number of bytes
	 * @return for instance {@code 12.5 KiB}
	 */
	public static String size(double bytes) {
		return scaled(bytes, 1024, SIZES);
	}

	/**
	 * Format how far figures reach.
	 * @param sample the figures
	 * @param format formats one of them
	 * @return the smallest and the greatest
	 */
	public static String range(Sample sample, DoubleFunction<String> format) {
		return range(sample.min(), sample.max(), format);
	}

	/**
	 * Format how far the median may be from that of all possible figures.
	 * @param sample the figures
	 * @param format formats one of them
	 * @return from where to where, in words, since one of them may be negative
	 */
	public static String interval(Sample sample, DoubleFunction<String> format) {
		return words(sample.medianInterval(), format);
	}

	/**
	 * Format how far figures reach, in words, since some may be negative.
	 * @param sample the figures
	 * @param format formats one of them
	 * @return from where to where
	 */
	public static String words(Sample sample, DoubleFunction<String> format) {
		return "%s to %s".formatted(format.apply(sample.min()), format.apply(sample.max()));
	}

	/**
	 * Format the quartiles of times.
	 * @param times nanoseconds
	 * @return the lower and the upper quartile
	 */
	public static String quartiles(Sample times) {
		return range(times.percentile(25), times.percentile(75), Units::time);
	}

	private static String range(double from, double to, DoubleFunction<String> format) {
		return "%s – %s".formatted(format.apply(from), format.apply(to));
	}

	/**
	 * Format a number of things.
	 * @param count the number
	 * @return all of its digits
	 */
	public static String count(long count) {
		return String.format(Locale.ROOT, "%,d", count);
	}

	/**
	 * Format a number of things that may be a median or a mean.
	 * @param count the number
	 * @return all of its digits if it is whole, three significant ones otherwise
	 */
	public static String count(double count) {
		return (count == Math.rint(count)) ? count((long) count) : number(count);
	}

	/**
	 * Format a figure without a unit.
	 * @param figure the figure
	 * @return three significant digits, without an exponent
	 */
	public static String number(double figure) {
		int magnitude = (figure != 0) ? (int) Math.floor(Math.log10(Math.abs(figure))) : DIGITS;
		int decimals = Math.min(Math.max(DIGITS - 1 - magnitude, 0), MOST_DECIMALS);
		return String.format(Locale.ROOT, "%,." + decimals + "f", figure);
	}

	private static String scaled(double figure, int step, String[] units) {
		int unit = 0;
		double scaled = figure;
		while (Math.abs(scaled) >= step && unit < units.length - 1) {
			scaled /= step;
			unit++;
		}
		return number(scaled) + " " + units[unit];
	}

}
