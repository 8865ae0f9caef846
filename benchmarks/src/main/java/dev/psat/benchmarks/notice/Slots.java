package dev.psat.benchmarks.notice;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Divides time into slots of the same length.
 */
final class Slots {

	private final long length;

	private long next = System.nanoTime();

	Slots(Duration length) {
		this.length = length.toNanos();
	}

	/**
	 * Wait for the next slot. If it has already begun, return immediately.
	 */
	void await() {
		this.next = Math.max(this.next + this.length, System.nanoTime());
		for (long left = this.next - System.nanoTime(); left > 0; left = this.next - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

}
