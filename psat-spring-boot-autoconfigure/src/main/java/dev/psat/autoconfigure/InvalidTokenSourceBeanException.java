package dev.psat.autoconfigure;

/**
 * Thrown when the token source beans of the application are ambiguous.
 */
class InvalidTokenSourceBeanException extends IllegalStateException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what is wrong
	 * @param action what to do about it
	 */
	InvalidTokenSourceBeanException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
