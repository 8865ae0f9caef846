package dev.psat.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * What must never happen, but did.
 */
public final class Violations {

	private static final int TOLD = 20;

	private final List<String> first = new ArrayList<>();

	private long count;

	private String circumstances = "the beginning";

	/**
	 * Remember the circumstances.
	 * @param circumstances the circumstances of violations from now on
	 */
	public synchronized void during(String circumstances) {
		this.circumstances = circumstances;
	}

	/**
	 * Note a violation.
	 * @param violation what happened, without the circumstances
	 */
	public synchronized void add(String violation) {
		this.count++;
		if (this.first.size() < TOLD) {
			String told = "%s, in %s".formatted(violation, this.circumstances);
			this.first.add(told);
			System.err.println("Violation: " + told);
		}
	}

	/**
	 * Return how many there were.
	 * @return the number, also of those that are not told
	 */
	public synchronized long count() {
		return this.count;
	}

	/**
	 * Return the first ones, with their circumstances.
	 * @return no more than the report can tell
	 */
	public synchronized List<String> first() {
		return List.copyOf(this.first);
	}

}
