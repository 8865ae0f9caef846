package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;

/**
 * Result of rotations under load.
 *
 * @param server what the server is made of
 * @param rotations how many there were
 * @param time how long they took together
 * @param answered how many calls of each caller were answered meanwhile
 * @param failures the calls and the handshakes of the prober that failed
 * @param failedProbes how many of them were handshakes of the prober
 * @param servers handshakes of the prober
 * @param staleServers in how many of them the server showed an earlier certificate than
 * it had told before
 * @param clients handshakes of the callers
 * @param staleClients in how many of them the client did so
 * @param lags how long after each cause of a rotation the last handshake began in which
 * the server showed an earlier certificate, in nanoseconds
 */
record RotationResult(WebServer server, int rotations, Duration time, List<Long> answered, List<Throwable> failures,
		int failedProbes, long servers, long staleServers, long clients, long staleClients, List<Long> lags) {

	/**
	 * Return whether nobody has noticed anything.
	 */
	boolean isFlawless() {
		return this.failures.isEmpty() && this.staleServers == 0 && this.staleClients == 0;
	}

}
