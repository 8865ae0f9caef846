package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Samples of the resources in use.
 */
final class Resources {

	private final Map<Resource, List<Long>> samples = new EnumMap<>(Resource.class);

	Resources() {
		for (Resource resource : Resource.values()) {
			this.samples.put(resource, new ArrayList<>());
		}
	}

	void sample() throws IOException {
		// what the first one hands to cleaners, the second one frees
		System.gc();
		System.gc();
		for (Map.Entry<Resource, List<Long>> samples : this.samples.entrySet()) {
			samples.getValue().add(samples.getKey().used());
		}
	}

	int size() {
		return this.samples.values().iterator().next().size();
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

	boolean areFlat() {
		for (Resource resource : Resource.values()) {
			Flatness flatness = flatness(resource);
			if (flatness != null && !flatness.isFlat(resource.allowed(flatness.start()))) {
				return false;
			}
		}
		return true;
	}

}
