package dev.psat.spire.client;

/**
 * Failures of the client.
 */
public final class TestFailure {

	private TestFailure() {
	}

	public static SpireException of(FailureReason reason) {
		return new SpireException(reason, "on purpose");
	}

}
