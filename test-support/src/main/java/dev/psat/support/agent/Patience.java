package dev.psat.support.agent;

import java.time.Duration;

import org.awaitility.Awaitility;

/**
 * Waits for programs.
 */
final class Patience {

	private Patience() {
	}

	/**
	 * Wait until an action does not fail.
	 */
	static void until(String what, Runnable action) {
		Awaitility.await(what)
			.atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptions()
			.untilAsserted(action::run);
	}

}
