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
	 * Return those that leave no server because it, or this machine, is slow.
	 */
	static Network.Timeouts patient() {
		Network.Timeouts usual = Network.Timeouts.DEFAULT;
		return new Network.Timeouts(Patience.LIMIT, Patience.LIMIT, Patience.LIMIT, usual.silence(),
				usual.attestationSilence(), Patience.LIMIT, Patience.LIMIT);
	}

	/**
	 * Return the usual ones, but for those of a connection that is made.
	 */
	static Network.Timeouts of(Duration connect, Duration handshake, Duration greeting) {
		Network.Timeouts usual = Network.Timeouts.DEFAULT;
		return new Network.Timeouts(connect, handshake, greeting, usual.silence(), usual.attestationSilence(),
				usual.judgement(), usual.attestationJudgement());
	}

}
