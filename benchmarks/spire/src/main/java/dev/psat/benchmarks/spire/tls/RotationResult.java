package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;

/**
 * What came of rotations under load.
 *
 * @param server what the server is made of
 * @param bundle what both sides have
 * @param rotations how many there were
 * @param time how long they took together
 * @param calls how many calls there were meanwhile
 * @param failures those that failed
 * @param probes how many handshakes were looked at
 * @param failedProbes those that failed
 * @param stale how many handshakes began after the server had told of a certificate, and
 * showed an earlier one
 * @param lags how long after each publication the last handshake began that showed an
 * earlier certificate, in nanoseconds
 */
record RotationResult(WebServer server, Bundle bundle, int rotations, Duration time, long calls,
		List<? extends Exception> failures, int probes, List<Exception> failedProbes, long stale, List<Long> lags) {

	/**
	 * Return whether nobody has noticed anything.
	 */
	boolean isFlawless() {
		return this.failures.isEmpty() && this.failedProbes.isEmpty() && this.stale == 0;
	}

}
