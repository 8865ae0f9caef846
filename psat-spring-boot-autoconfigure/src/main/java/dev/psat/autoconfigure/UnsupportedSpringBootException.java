package dev.psat.autoconfigure;

/**
 * The application has a version of Spring Boot with which half of this library would be
 * missing without a word.
 */
class UnsupportedSpringBootException extends IllegalStateException {

	UnsupportedSpringBootException(String version) {
		super("Spring Boot %s is on the class path, and psat-spring-boot needs %d.0 or later.".formatted(version,
				SpringBootVersionCheck.OLDEST_MAJOR));
	}

}
