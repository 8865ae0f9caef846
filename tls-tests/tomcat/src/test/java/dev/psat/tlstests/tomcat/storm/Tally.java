package dev.psat.tlstests.tomcat.storm;

import java.util.concurrent.atomic.LongAdder;

import dev.psat.support.soak.Figures;

/**
 * Counts what callers, errands and intruders have done.
 */
final class Tally {

	private final LongAdder answeredInCalm = new LongAdder();

	private final LongAdder answeredInStorm = new LongAdder();

	private final LongAdder kept = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder jwtSvids = new LongAdder();

	private final LongAdder missingJwtSvids = new LongAdder();

	/**
	 * Count a call that was answered.
	 * @param calm whether it had to be
	 * @param kept whether it was made on the connection of the one before
	 */
	void answered(boolean calm, boolean kept) {
		(calm ? this.answeredInCalm : this.answeredInStorm).increment();
		if (kept) {
			this.kept.increment();
		}
	}

	void failed() {
		this.failed.increment();
	}

	void refused() {
		this.refused.increment();
	}

	void jwtSvid(boolean obtained) {
		(obtained ? this.jwtSvids : this.missingJwtSvids).increment();
	}

	/**
	 * Return the rows of a table.
	 */
	String rows() {
		return row("calls answered while nothing was wrong", this.answeredInCalm)
				+ row("calls answered in storms", this.answeredInStorm)
				+ row("of both, on the connection of the call before", this.kept) + row("calls failed", this.failed)
				+ row("attempts of intruders and impostors that were refused", this.refused)
				+ row("JWT-SVIDs obtained", this.jwtSvids) + row("JWT-SVIDs not to be had", this.missingJwtSvids);
	}

	private static String row(String text, LongAdder count) {
		return "| %s | %s |\n".formatted(text, Figures.count(count.sum()));
	}

}
