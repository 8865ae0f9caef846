package dev.psat.spire.workload.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much is left of the stack of a thread. Where it ends while the JDK opens or closes
 * a channel, a descriptor stays open that nobody can reach any longer: a channel counts
 * as closed from the first attempt, and one that is half made belongs to nobody. Callers
 * bring their own threads, so it is found out before.
 */
final class StackRoom {

	/** Many times what opening takes, so that closing at the same place has enough. */
	private static final int TO_OPEN = 300;

	private static final int TO_CLOSE = 60;

	/** Keeps the calls from being optimized away. */
	private static final AtomicLong SUM = new AtomicLong();

	private StackRoom() {
	}

	/**
	 * Fail with a {@link StackOverflowError} where there is no room for a call, from its
	 * first descriptor to the last.
	 */
	static void toOpen() {
		SUM.lazySet(descend(TO_OPEN, 1, 2, 3, 4, 5, 6));
	}

	/**
	 * Fail with a {@link StackOverflowError} where there is no room to close channels.
	 */
	static void toClose() {
		SUM.lazySet(descend(TO_CLOSE, 1, 2, 3, 4, 5, 6));
	}

	private static long descend(int left, long a, long b, long c, long d, long e, long f) {
		if (left == 0) {
			return a;
		}
		// what is needed after the call has to be on the stack
		return descend(left - 1, b, c, d, e, f, a + left) + a * b + c * d + e * f;
	}

}
