package dev.psat.autoconfigure;

/**
 * Thrown when a part of this library would be silently missing or unsafe with the
 * application's version of Spring Boot. Public only for the other modules of this
 * project.
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
