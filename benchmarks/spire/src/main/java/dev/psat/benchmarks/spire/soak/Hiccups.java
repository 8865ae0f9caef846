package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import dev.psat.spire.test.SimulatedSpireServer;

/**
 * Makes a server slow: it falls silent and goes on again, all the time. Every other
 * silence is longer than the two seconds after which the client tries again on another
 * connection.
 */
final class Hiccups implements AutoCloseable {

	private static final Duration AWAKE = Duration.ofMillis(200);

	private static final int LONGEST_SHORT_SILENCE = 1000;

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final int SHORTEST_REST = 500;

	private static final int LONGEST_REST = 2000;

	private final SimulatedSpireServer server;

	private final Random random;

	private final Thread thread = new Thread(this::run, "hiccups");

	private volatile boolean ending;

	private volatile boolean struck;

	Hiccups(SimulatedSpireServer server, long seed) {
		this.server = server;
		this.random = new Random(seed);
		this.thread.start();
	}

	private void run() {
		while (!this.ending) {
			this.server.faults().hang();
			pause(Duration.ofMillis(this.random.nextInt(LONGEST_SHORT_SILENCE)));
			goOn();
			this.server.faults().hang();
			pause(PATIENCE);
			int connections = this.server.journal().connections();
			pause(Duration.ofMillis(this.random.nextInt(SHORTEST_REST, LONGEST_REST)));
			this.struck |= this.server.journal().connections() > connections;
			goOn();
		}
	}

	private void goOn() {
		this.server.faults().resume();
		pause(AWAKE);
	}

	private static void pause(Duration time) {
		LockSupport.parkNanos(time.toNanos());
	}

	/**
	 * Return whether a client has opened a connection after two seconds of silence. There
	 * is hardly another reason than a call that waited for so long.
	 * @return whether one has
	 */
	boolean haveStruck() {
		return this.struck;
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

}
