package dev.psat.benchmarks.startup;

/**
 * The same for the application without the starter and for that with it.
 *
 * @param <T> what it is
 * @param without of the one without
 * @param with of the one with
 */
record Variants<T>(T without, T with) {

	/**
	 * Make something of both, beginning with either by turns.
	 * @param <R> what is made
	 * @param turn the number of the turn
	 * @param maker makes it
	 * @return what was made
	 * @throws Exception if that fails
	 */
	<R> Variants<R> inTurn(int turn, Maker<T, R> maker) throws Exception {
		if (turn % 2 == 0) {
			R without = maker.make(this.without);
			return new Variants<>(without, maker.make(this.with));
		}
		R with = maker.make(this.with);
		return new Variants<>(maker.make(this.without), with);
	}

	@FunctionalInterface
	interface Maker<T, R> {

		R make(T from) throws Exception;

	}

}
