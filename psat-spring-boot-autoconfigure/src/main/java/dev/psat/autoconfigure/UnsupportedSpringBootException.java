package dev.psat.autoconfigure;

/**
 * A part of this library would be silently missing or unsafe with the application's
 * version of Spring Boot.
 */
public class UnsupportedSpringBootException extends IllegalStateException {

	private final String action;

	public UnsupportedSpringBootException(String message, String action) {
		super(message);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
