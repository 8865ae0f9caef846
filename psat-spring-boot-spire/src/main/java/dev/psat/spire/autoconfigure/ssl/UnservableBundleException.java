package dev.psat.spire.autoconfigure.ssl;

/**
 * Thrown when a server or client would use the SSL bundle in such a way that the bundle
 * cannot decide who may connect.
 */
final class UnservableBundleException extends IllegalStateException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message the message, which names the server and the problem
	 * @param action the action to take
	 */
	UnservableBundleException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
