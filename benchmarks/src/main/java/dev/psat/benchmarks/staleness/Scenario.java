package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.util.Random;

/**
 * What happens to the token of a pod.
 */
enum Scenario {

	/** kubelet rotates when it should. */
	ON_TIME("On time", "kubelet rotates by its rule."),

	/** Tokens are granted late. */
	LATE("Late", """
			The same, but each time, requests for a token first fail for up to five minutes, as if the API server were \
			down. Meanwhile, the file holds the old token, even if it has expired.\
			"""),

	/** The file is mounted on its own. */
	SUB_PATH("subPath", """
			kubelet rotates by its rule, but the application sees the file through a mount with `subPath`, which shows \
			the first token forever. The first hour of each pod counts.\
			"""),

	/** kubelet no longer rotates. */
	DEAD("Dead", """
			kubelet stops rotating between the 10th and the 20th minute of the pod, as if the pod were terminating or \
			one of its volumes were stuck. The hour from then on counts.\
			""");

	private static final Duration HOUR = Duration.ofHours(1);

	private static final int HOURS_PER_LOST_POD = 20;

	private static final Duration SHORTEST_LEAD = Duration.ofMinutes(10);

	private static final Duration LONGEST_STALL = Duration.ofMinutes(5);

	private final String title;

	private final String description;

	Scenario(String title, String description) {
		this.title = title;
		this.description = description;
	}

	String title() {
		return this.title;
	}

	String description() {
		return this.description;
	}

	/**
	 * Return how many pods are needed. If all is lost after some minutes, many short
	 * lives tell more than a long one.
	 * @param hours how long rotations on time are observed
	 * @return how many pods
	 */
	int pods(int hours) {
		return isLost() ? Math.max(1, hours / HOURS_PER_LOST_POD) : 1;
	}

	/**
	 * Return how long calls of a pod count.
	 * @param hours how long rotations on time are observed
	 * @return the time
	 */
	Duration time(int hours) {
		return isLost() ? HOUR : Duration.ofHours(hours);
	}

	/**
	 * Draw how long a pod has lived, with rotations on time, before its calls count.
	 * @param random the source of random numbers
	 * @return the time
	 */
	Duration lead(Random random) {
		return (this == DEAD) ? SHORTEST_LEAD.plusMillis(random.nextInt((int) SHORTEST_LEAD.toMillis()))
				: Duration.ZERO;
	}

	Duration longestStall() {
		return (this == LATE) ? LONGEST_STALL : Duration.ZERO;
	}

	private boolean isLost() {
		return this == SUB_PATH || this == DEAD;
	}

}
