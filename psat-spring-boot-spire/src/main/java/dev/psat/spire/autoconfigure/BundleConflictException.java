package dev.psat.spire.autoconfigure;

/**
 * Thrown when something of the application takes the place of the SSL bundle.
 */
final class BundleConflictException extends IllegalStateException {

	private final String action;

	BundleConflictException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
