package dev.psat.spire.autoconfigure.ssl;

/**
 * A server was to serve the SSL bundle in a way in which the bundle would not decide who
 * may connect.
 */
final class UnservableBundleException extends IllegalStateException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message which server, and what is wrong with it
	 * @param action what to do about it
	 */
	UnservableBundleException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
