package dev.psat.benchmarks.spire.tls;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often all take turns
 * @param window how long each turn is
 * @param batches how often handshakes in memory and checks take turns
 * @param handshakes how many handshakes are in a batch
 * @param rotations how often SVIDs are replaced
 * @param reloads how often PEM files are
 */
record Plan(int rounds, Duration window, int batches, int handshakes, int rotations, int reloads) {

	static final Plan FULL = new Plan(8, Duration.ofMillis(1600), 25, 50, 200, 4);

	static final Plan QUICK = new Plan(1, Duration.ofMillis(300), 2, 10, 10, 1);

}
