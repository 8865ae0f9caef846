package dev.psat.benchmarks.notice;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * When each content was first seen.
 */
final class Sightings {

	private final Map<String, Long> times = new ConcurrentHashMap<>();

	void see(String name) {
		this.times.putIfAbsent(name, System.nanoTime());
	}

	/**
	 * Return when a content was first seen.
	 * @param name its name
	 * @return the {@link System#nanoTime()}, {@code null} if it has not been seen
	 */
	@Nullable Long of(String name) {
		return this.times.get(name);
	}

}
