package dev.psat.autoconfigure;

/**
 * The application has a version of Spring Boot with which a part of this library would be
 * missing or unsafe without a word. Public only for the other modules of this project.
 *
 * @since 0.1.0
 */
public class UnsupportedSpringBootException extends IllegalStateException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what does not work with which version
	 * @param action what to do about it
	 */
	public UnsupportedSpringBootException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
