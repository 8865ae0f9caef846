package dev.psat.benchmarks.spire.attest;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long each step of an attestation has taken.
 */
final class Laps {

	private final boolean repeating;

	private final LongSupplier nanos;

	private final Map<Step, Long> times = new EnumMap<>(Step.class);

	private long last;

	/**
	 * Begin to take the time.
	 * @param repeating whether calls are repeated on connections that are open
	 */
	Laps(boolean repeating) {
		this(repeating, System::nanoTime);
	}

	Laps(boolean repeating, LongSupplier nanos) {
		this.repeating = repeating;
		this.nanos = nanos;
		this.last = nanos.getAsLong();
	}

	boolean isRepeating() {
		return this.repeating;
	}

	/**
	 * A step has ended. One that comes twice counts as one.
	 * @param step the step
	 */
	void ended(Step step) {
		long now = this.nanos.getAsLong();
		this.times.merge(step, now - this.last, Long::sum);
		this.last = now;
	}

	long time(Step step) {
		return this.times.getOrDefault(step, 0L);
	}

	/**
	 * Return the time of the whole way, without repetitions.
	 * @return nanoseconds
	 */
	long total() {
		return this.times.entrySet()
			.stream()
			.filter((lap) -> !lap.getKey().isRepetition())
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

}
