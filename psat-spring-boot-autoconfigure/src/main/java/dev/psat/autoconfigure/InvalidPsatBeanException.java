package dev.psat.autoconfigure;

/**
 * Thrown when the application declares beans that cannot be used, or not together. Public
 * only for the other modules of this project, whose beans are analyzed in the same way.
 *
 * @since 0.1.0
 */
public class InvalidPsatBeanException extends IllegalStateException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what is wrong
	 * @param action what to do about it
	 */
	public InvalidPsatBeanException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
