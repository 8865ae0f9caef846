package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.DoubleFunction;

import dev.psat.benchmarks.Inotify;
import dev.psat.benchmarks.Units;

/**
 * A resource of which a leak would use more and more.
 */
enum Resource {

	/** After a full collection. */
	HEAP("heap after a collection", 256 * 1024, 0.01, Units::size) {

		@Override
		long used() {
			return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		}

	},

	THREADS("threads", 1, 0, Resource::count) {

		@Override
		long used() {
			return ManagementFactory.getThreadMXBean().getThreadCount();
		}

	},

	DESCRIPTORS("descriptors", 1, 0, Resource::count) {

		@Override
		long used() throws IOException {
			return Inotify.descriptors().size();
		}

	},

	INOTIFY("inotify instances", 0, 0, Resource::count) {

		@Override
		long used() throws IOException {
			return Inotify.descriptors().stream().filter((target) -> target.contains("inotify")).count();
		}

	},

	/** The JDK generates some for frequent reflection, and unloads them again. */
	CLASSES("loaded classes", 50, 0.01, Resource::count) {

		@Override
		long used() {
			return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
		}

	};

	private final String description;

	private final long allowed;

	private final double allowedShare;

	private final DoubleFunction<String> unit;

	Resource(String description, long allowed, double allowedShare, DoubleFunction<String> unit) {
		this.description = description;
		this.allowed = allowed;
		this.allowedShare = allowedShare;
		this.unit = unit;
	}

	abstract long used() throws IOException;

	String description() {
		return this.description;
	}

	/**
	 * Return how much more at the end is not considered growth.
	 * @param start the usage at the beginning
	 * @return the tolerance, in the unit of the resource
	 */
	double allowed(double start) {
		return this.allowed + this.allowedShare * start;
	}

	String inUnit(double figure) {
		return this.unit.apply(figure);
	}

	private static String count(double figure) {
		return (figure == Math.rint(figure)) ? String.format(Locale.ROOT, "%,d", (long) figure) : Units.number(figure);
	}

}
