package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import dev.psat.spire.test.SimulatedFaults;

/**
 * Makes a server slow: it falls silent and goes on again, all the time.
 */
final class Hiccups implements AutoCloseable {

	private static final Duration AWAKE = Duration.ofMillis(200);

	private static final int LONGEST_SILENCE = 1000;

	private final SimulatedFaults faults;

	private final Random random;

	private final Thread thread = new Thread(this::run, "hiccups");

	private volatile boolean ending;

	Hiccups(SimulatedFaults faults, long seed) {
		this.faults = faults;
		this.random = new Random(seed);
		this.thread.start();
	}

	private void run() {
		while (!this.ending) {
			this.faults.hang();
			LockSupport.parkNanos(Duration.ofMillis(this.random.nextInt(LONGEST_SILENCE)).toNanos());
			this.faults.resume();
			LockSupport.parkNanos(AWAKE.toNanos());
		}
	}

	@Override
	public void close() {
		this.ending = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public String toString() {
		return "silence of up to %d ms".formatted(LONGEST_SILENCE);
	}

}
