package dev.psat.autoconfigure.internal;

/**
 * A part of this library would be silently missing or unsafe with the application's
 * version of Spring Boot.
 */
public class UnsupportedSpringBootException extends PsatStartupException {

	public UnsupportedSpringBootException(String message, String action) {
		super(message, action);
	}

}
