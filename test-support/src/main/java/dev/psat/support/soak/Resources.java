package dev.psat.support.soak;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What a leak would use more and more of.
 */
public final class Resources {

	/** With fewer, the median of a third means nothing. */
	public static final int LEAST = 9;

	private final Map<Resource, List<Long>> samples = new EnumMap<>(Resource.class);

	private final int slack;

	/**
	 * Create resources of which some are held by chance.
	 * @param slack how many threads and descriptors may be in use, or not, whenever they
	 * are counted
	 */
	public Resources(int slack) {
		this.slack = slack;
	}

	/**
	 * Collect the garbage and note what is in use.
	 */
	public void sample() {
		// what the first one hands to cleaners, the second one frees
		System.gc();
		System.gc();
		for (Resource resource : Resource.values()) {
			this.samples.computeIfAbsent(resource, (key) -> new ArrayList<>()).add(resource.used());
		}
	}

	public int size() {
		return this.samples.values().stream().mapToInt(List::size).findFirst().orElse(0);
	}

	/**
	 * Return whether nothing grows, as far as there are samples enough to say.
	 */
	public boolean areFlat() {
		return developments().allMatch((development) -> development.isFlat(allowed(development)));
	}

	/**
	 * Return the rows of a table: start, middle, end, maximum, allowed growth, verdict.
	 */
	public String rows() {
		return developments().map((development) -> development.row(allowed(development))).collect(Collectors.joining());
	}

	private Stream<Development> developments() {
		return this.samples.entrySet()
			.stream()
			.filter((samples) -> samples.getValue().size() >= LEAST)
			.map((samples) -> Development.of(samples.getKey(), samples.getValue()));
	}

	private double allowed(Development development) {
		Resource resource = development.resource();
		boolean byChance = resource == Resource.THREADS || resource == Resource.DESCRIPTORS;
		return resource.allowed + resource.allowedShare * development.start() + (byChance ? this.slack : 0);
	}

	/**
	 * A resource, and how much more of it at the end is not considered growth.
	 */
	enum Resource {

		HEAP("heap after a collection", 256 * 1024, 0.01),

		THREADS("threads", 1, 0),

		DESCRIPTORS("descriptors", 1, 0),

		INOTIFY("inotify instances", 0, 0),

		/** The JDK generates some for frequent reflection, and unloads them again. */
		CLASSES("loaded classes", 50, 0.01);

		private final String text;

		private final long allowed;

		private final double allowedShare;

		Resource(String text, long allowed, double allowedShare) {
			this.text = text;
			this.allowed = allowed;
			this.allowedShare = allowedShare;
		}

		private long used() {
			return switch (this) {
				case HEAP -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
				case THREADS -> ManagementFactory.getThreadMXBean().getThreadCount();
				case DESCRIPTORS -> descriptors().size();
				case INOTIFY -> descriptors().stream().filter((target) -> target.contains("inotify")).count();
				case CLASSES -> ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
			};
		}

		private static List<String> descriptors() {
			return Stream.of(Objects.requireNonNull(new File("/proc/self/fd").listFiles()))
				.map(Resource::target)
				.toList();
		}

		private static String target(File descriptor) {
			try {
				return Files.readSymbolicLink(descriptor.toPath()).toString();
			}
			catch (IOException ex) {
				// the descriptor that lists the others is closed by now
				return "";
			}
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * How the use of a resource developed: the medians of the thirds of the time, and the
	 * median of all slopes between two samples, multiplied by the whole time.
	 */
	record Development(Resource resource, double start, double middle, double end, double max, double trend) {

		static Development of(Resource resource, List<Long> samples) {
			int third = samples.size() / 3;
			int last = samples.size() - third;
			List<Double> slopes = new ArrayList<>();
			for (int to = 1; to < samples.size(); to++) {
				for (int from = 0; from < to; from++) {
					slopes.add((double) (samples.get(to) - samples.get(from)) / (to - from));
				}
			}
			return new Development(resource, Figures.median(samples.subList(0, third)),
					Figures.median(samples.subList(third, last)), Figures.median(samples.subList(last, samples.size())),
					samples.stream().mapToLong(Long::longValue).max().orElseThrow(),
					Figures.median(slopes) * (samples.size() - 1));
		}

		private String row(double allowed) {
			DoubleFunction<String> unit = (this.resource == Resource.HEAP) ? Figures::size : Figures::count;
			Stream<String> figures = DoubleStream.of(this.start, this.middle, this.end, this.max, allowed)
				.mapToObj(unit);
			return "| %s | %s | %s |\n".formatted(this.resource, figures.collect(Collectors.joining(" | ")),
					isFlat(allowed) ? "flat" : "**grows**");
		}

		/**
		 * Return whether it did not grow. Both must tell of growth: the medians alone
		 * would mistake a single step for a leak, the trend alone a growth that was over
		 * early.
		 */
		boolean isFlat(double allowed) {
			return this.end - this.start <= allowed || this.trend <= allowed;
		}

	}

}
