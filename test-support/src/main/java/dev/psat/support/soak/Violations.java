package dev.psat.support.soak;

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
	 * Remember the circumstances of violations from now on.
	 */
	public synchronized void during(String circumstances) {
		this.circumstances = circumstances;
	}

	public synchronized void add(String violation) {
		this.count++;
		String told = "%s, in %s".formatted(violation, this.circumstances);
		if (this.first.size() < TOLD && !this.first.contains(told)) {
			this.first.add(told);
		}
	}

	/**
	 * Return how many there were, also of those that are not told.
	 */
	public synchronized long count() {
		return this.count;
	}

	public synchronized List<String> first() {
		return List.copyOf(this.first);
	}

}
