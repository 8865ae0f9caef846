package dev.psat.support.soak;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Figures with three significant digits, as the other results have them.
 */
public final class Figures {

	private Figures() {
	}

	public static double median(Collection<? extends Number> figures) {
		double[] sorted = figures.stream().mapToDouble(Number::doubleValue).sorted().toArray();
		return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
	}

	/**
	 * Return a number of things, which may be a median.
	 */
	public static String count(double figure) {
		return (figure == Math.rint(figure)) ? String.format(Locale.ROOT, "%,d", (long) figure) : number(figure);
	}

	static String size(double bytes) {
		double mebibytes = bytes / (1024 * 1024);
		return (mebibytes < 1) ? number(bytes / 1024) + " KiB" : number(mebibytes) + " MiB";
	}

	/**
	 * Return median and maximum, if there are any.
	 */
	public static String times(List<Duration> times) {
		if (times.isEmpty()) {
			return "";
		}
		List<Long> nanos = times.stream().map(Duration::toNanos).toList();
		return "%s / %s".formatted(time(median(nanos)),
				time(nanos.stream().mapToLong(Long::longValue).max().orElseThrow()));
	}

	private static String time(double nanos) {
		return (nanos < 1e9) ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
	}

	/**
	 * Return three significant digits, without a unit.
	 */
	public static String number(double figure) {
		int magnitude = (figure > 0) ? (int) Math.floor(Math.log10(figure)) : 2;
		return String.format(Locale.ROOT, "%,." + Math.max(0, 2 - magnitude) + "f", figure);
	}

}
