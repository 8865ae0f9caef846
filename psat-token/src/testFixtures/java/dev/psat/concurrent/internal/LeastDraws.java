package dev.psat.concurrent.internal;

import java.util.random.RandomGenerator;

/**
 * Chance that draws the least, so that nobody waits for long.
 */
public final class LeastDraws implements RandomGenerator {

	@Override
	public long nextLong() {
		throw new UnsupportedOperationException("Only draws between bounds are expected");
	}

	@Override
	public long nextLong(long bound) {
		return 0;
	}

	@Override
	public double nextDouble(double origin, double bound) {
		return origin;
	}

}
