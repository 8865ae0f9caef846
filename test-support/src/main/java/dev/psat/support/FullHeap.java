package dev.psat.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a process of its own does whose heap is to be full for a while. It has no test
 * engine, which would not survive that.
 */
public final class FullHeap {

	private FullHeap() {
	}

	/**
	 * Fill the heap, and keep it full.
	 * @param time for how long
	 */
	public static void fillFor(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		List<byte[]> ballast = new ArrayList<>(100_000);
		int size = 1 << 20;
		while (System.nanoTime() < end) {
			try {
				ballast.add(new byte[size]);
			}
			catch (OutOfMemoryError ex) {
				size = Math.max(16, size / 2);
			}
		}
	}

	/**
	 * Wait until a condition is met, or else end this process with the code 1.
	 * @param what what is missing until then
	 * @param soon how long to wait at most
	 * @param condition the condition
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void until(String what, Duration soon, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + soon.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				System.out.println("missing: " + what);
				System.exit(1);
			}
			Thread.sleep(5);
		}
	}

}
