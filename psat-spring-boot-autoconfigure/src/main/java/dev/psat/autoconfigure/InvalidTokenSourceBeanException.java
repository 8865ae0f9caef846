package dev.psat.autoconfigure;

/**
 * The application declares its token sources so that it is not clear which is which.
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
