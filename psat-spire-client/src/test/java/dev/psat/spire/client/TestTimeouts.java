package dev.psat.spire.client;

import java.time.Duration;

import dev.psat.support.Patience;

/**
 * {@link Network.Timeouts} of tests.
 */
final class TestTimeouts {

	private TestTimeouts() {
	}

	/**
	 * Return the usual ones for time that a test lets pass: sockets, which measure their
	 * own, are patient.
	 */
	static Network.Timeouts usual() {
		Network.Timeouts usual = Network.Timeouts.usual();
		return of(usual.connect(), usual.handshake(), usual.silence(), usual.judgement(), patientSockets());
	}

	/**
	 * Return those that leave no server because it, or this machine, is slow.
	 */
	static Network.Timeouts patient() {
		return of(Patience.LIMIT, Patience.LIMIT, Network.Timeouts.usual().silence(), Patience.LIMIT, patientSockets());
	}

	/**
	 * Return the usual ones, but for those of a connection that is made.
	 */
	static Network.Timeouts of(Duration connect, Duration handshake, Duration greeting) {
		Network.Timeouts usual = Network.Timeouts.usual();
		return of(connect, handshake, usual.silence(), usual.judgement(),
				new Network.Sockets(connect, handshake, greeting, Patience.LIMIT, usual.sockets().idle()));
	}

	static Network.Timeouts of(Duration connect, Duration handshake, Duration silence, Duration judgement,
			Network.Sockets sockets) {
		Network.Timeouts usual = Network.Timeouts.usual();
		return new Network.Timeouts(connect, handshake, usual.settling(), silence, usual.attestationSilence(),
				judgement, usual.attestationJudgement(), Patience.LIMIT, usual.rest(), sockets);
	}

	static Network.Sockets patientSockets() {
		return new Network.Sockets(Patience.LIMIT, Patience.LIMIT, Patience.LIMIT, Patience.LIMIT,
				Duration.ofMillis(50));
	}

}
