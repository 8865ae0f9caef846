package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Table;
import org.jspecify.annotations.Nullable;

/**
 * Samples of the resources in use.
 */
public final class Resources {

	/** In less, there may be too little time for samples. */
	private static final Duration FULL = Duration.ofMinutes(30);

	private final Map<Resource, List<Long>> samples = new EnumMap<>(Resource.class);

	private final long slack;

	public Resources() {
		this(0);
	}

	/**
	 * Create resources of which some are held by chance.
	 * @param slack how many threads and descriptors may be in use, or not, whenever they
	 * are counted
	 */
	public Resources(long slack) {
		this.slack = slack;
		for (Resource resource : Resource.values()) {
			this.samples.put(resource, new ArrayList<>());
		}
	}

	/**
	 * Collect the garbage and note what is in use.
	 * @throws IOException if that is not to be known here
	 */
	public void sample() throws IOException {
		// what the first one hands to cleaners, the second one frees
		System.gc();
		System.gc();
		for (Map.Entry<Resource, List<Long>> samples : this.samples.entrySet()) {
			samples.getValue().add(samples.getKey().used());
		}
	}

	/**
	 * Return how often it was noted.
	 * @return the number of samples
	 */
	public int size() {
		return this.samples.values().iterator().next().size();
	}

	/**
	 * Check that a soak of full length leaves no doubt whether anything grows.
	 * @param duration how long it lasted
	 * @param violations is told if there are too few samples
	 */
	public void checkEnough(Duration duration, Violations violations) {
		if (duration.compareTo(FULL) >= 0 && size() < Flatness.LEAST) {
			violations.add("%d samples in %s do not show whether anything grows".formatted(size(), duration));
		}
	}

	/**
	 * Return how the use of a resource developed.
	 * @param resource the resource
	 * @return the development, {@code null} if there are too few samples to say
	 */
	@Nullable Flatness flatness(Resource resource) {
		List<Long> samples = this.samples.getOrDefault(resource, List.of());
		return (samples.size() >= Flatness.LEAST) ? Flatness.of(samples) : null;
	}

	/**
	 * Return a table with the medians of the thirds of the time, and whether each
	 * resource is flat.
	 * @return the table
	 */
	public Table table() {
		Table table = new Table("", "start", "middle", "end", "maximum", "allowed growth", "verdict");
		for (Resource resource : Resource.values()) {
			Flatness flatness = flatness(resource);
			if (flatness == null) {
				table.row(resource.description(), "", "", "", "", "", "too short to say");
				continue;
			}
			double allowed = allowed(resource, flatness);
			table.row(resource.description(), resource.inUnit(flatness.start()), resource.inUnit(flatness.middle()),
					resource.inUnit(flatness.end()), resource.inUnit(flatness.max()), resource.inUnit(allowed),
					flatness.isFlat(allowed) ? "flat" : "**grows**");
		}
		return table;
	}

	private double allowed(Resource resource, Flatness flatness) {
		boolean byChance = resource == Resource.THREADS || resource == Resource.DESCRIPTORS;
		return resource.allowed(flatness.start()) + (byChance ? this.slack : 0);
	}

	/**
	 * Return whether nothing grows, as far as there are samples enough to say.
	 * @return whether all are flat
	 */
	public boolean areFlat() {
		for (Resource resource : Resource.values()) {
			Flatness flatness = flatness(resource);
			if (flatness != null && !flatness.isFlat(allowed(resource, flatness))) {
				return false;
			}
		}
		return true;
	}

}
