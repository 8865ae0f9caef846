package dev.psat.benchmarks.spire.start;

import dev.psat.benchmarks.jvm.Start;

/**
 * What the log of an application that serves its SVID tells.
 */
enum Moment {

	WAITING("for the first X.509-SVID"),

	ATTESTED("Attested to "),

	SVID(" obtained from ");

	private final String text;

	Moment(String text) {
		this.text = text;
	}

	long of(Start start) {
		return start.at(this.text);
	}

	/**
	 * Return how long it took from an earlier moment to this one.
	 * @param earlier the earlier moment
	 * @param start a start
	 * @return nanoseconds
	 */
	long since(Moment earlier, Start start) {
		return of(start) - earlier.of(start);
	}

}
