package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;

/**
 * Result of rotations under load.
 *
 * @param server what the server is made of
 * @param bundle what both sides have
 * @param rotations how many there were
 * @param time how long they took together
 * @param answered how many calls of each caller were answered meanwhile
 * @param failures the calls that failed
 * @param servers what the server has shown
 * @param clients what the client has shown
 * @param failedProbes handshakes of the prober that failed
 * @param lags how long after each cause of a rotation the last handshake began in which
 * the server showed an earlier certificate, in nanoseconds
 */
record RotationResult(WebServer server, Bundle bundle, int rotations, Duration time, List<Long> answered,
		List<Throwable> failures, Shown servers, Shown clients, List<Throwable> failedProbes, List<Long> lags) {

	/**
	 * Return whether nobody has noticed anything.
	 */
	boolean isFlawless() {
		return this.failures.isEmpty() && this.failedProbes.isEmpty() && this.servers.stale() == 0
				&& this.clients.stale() == 0;
	}

	/**
	 * What one side has shown.
	 *
	 * @param handshakes how many handshakes were looked at
	 * @param stale how many of them began after that side had told of a certificate, and
	 * showed an earlier one
	 */
	record Shown(long handshakes, long stale) {

		static Shown of(List<Probe> probes, Succession succession) {
			return new Shown(probes.size(), succession.stale(probes));
		}

	}

}
