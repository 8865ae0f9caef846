package dev.psat.support;

import java.util.concurrent.CountDownLatch;

/**
 * Waits for latches, and what becomes of an interrupt meanwhile.
 */
public final class Latches {

	private Latches() {
	}

	/**
	 * Wait, unless the thread is interrupted, which it then still is.
	 */
	public static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait, and fail if the thread is interrupted.
	 */
	public static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait, and heed no interrupt.
	 */
	public static void awaitStubbornly(CountDownLatch latch) {
		boolean done = false;
		while (!done) {
			try {
				latch.await();
				done = true;
			}
			catch (InterruptedException ex) {
				// heeded by nobody
			}
		}
	}

}
