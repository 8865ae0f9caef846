package dev.psat.autoconfigure;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Fails startup if Spring Boot is too old. Runs before any bean is created and uses only
 * what older versions have in the same place.
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
					"Spring Boot %s is on the class path, but psat-spring-boot requires %d.0 or later."
						.formatted(version, OLDEST_MAJOR),
					"Upgrade Spring Boot, or remove the dependency dev.psat:psat-spring-boot-starter.");
		}
	}

}
