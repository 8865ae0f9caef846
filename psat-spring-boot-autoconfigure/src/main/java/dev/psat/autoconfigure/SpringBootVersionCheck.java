package dev.psat.autoconfigure;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stops the start on a Spring Boot that is too old. Comes before any bean and uses
 * nothing that older versions do not have in the same place.
 */
class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	static final int OLDEST_MAJOR = 4;

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		check(SpringBootVersion.getVersion());
	}

	static void check(String version) {
		int major = Integer.parseInt(version.substring(0, version.indexOf('.')));
		if (major < OLDEST_MAJOR) {
			throw new UnsupportedSpringBootException(
					"Spring Boot %s is on the class path, and psat-spring-boot needs %d.0 or later.".formatted(version,
							OLDEST_MAJOR),
					"Update Spring Boot, or remove the dependency dev.psat:psat-spring-boot-starter.");
		}
	}

}
