package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;

import org.springframework.util.Assert;

/**
 * How much is measured.
 *
 * @param forks how often the servers are started anew
 * @param warmUps how often all take turns after that before it counts
 * @param warmUp how long each of these turns is
 * @param rounds how often all take turns after that
 * @param window how long each of these turns is
 * @param batches how often handshakes in memory and checks take turns
 * @param handshakes how many handshakes are in a batch
 * @param rotations how often SVIDs are replaced
 * @param connections how many are open at once
 */
record Plan(int forks, int warmUps, Duration warmUp, int rounds, Duration window, int batches, int handshakes,
		int rotations, int connections) {

	private static final Plan FULL = new Plan(2, 6, Duration.ofSeconds(3), 9, Duration.ofMillis(500), 25, 50, 200, 0);

	private static final Plan QUICK = new Plan(2, 1, Duration.ofMillis(200), 1, Duration.ofMillis(200), 2, 10, 10, 0);

	private static final Plan CONNECTIONS = new Plan(4, 3, Duration.ofSeconds(3), 6, Duration.ofMillis(500), 15, 50, 30,
			10_000);

	private static final Plan QUICK_CONNECTIONS = new Plan(2, 1, Duration.ofMillis(200), 1, Duration.ofMillis(200), 2,
			10, 4, 1_000);

	static Plan of(List<String> arguments) {
		Assert.isTrue(arguments.isEmpty() || arguments.equals(List.of("quick")), "The only argument is 'quick'");
		return arguments.isEmpty() ? FULL : QUICK;
	}

	static Plan ofConnections(List<String> arguments) {
		return (of(arguments) == FULL) ? CONNECTIONS : QUICK_CONNECTIONS;
	}

}
