package dev.psat.autoconfigure;

import dev.psat.autoconfigure.internal.PsatStartupException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.log.LogMessage;

/**
 * Fails startup if Spring Boot is too old, and warns if it is newer than all those with
 * which this version was tested. Runs before any bean is created and uses only what older
 * versions have in the same place.
 */
class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	static final int OLDEST_MAJOR = 4;

	static final int NEWEST_MAJOR = 4;

	static final int NEWEST_MINOR = 1;

	private static final Log logger = LogFactory.getLog(SpringBootVersionCheck.class);

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		String version = SpringBootVersion.getVersion();
		check(version);
		if (context.getParent() == null) {
			warnIfNewer(version);
		}
	}

	static void warnIfNewer(String version) {
		String[] numbers = version.split("[.-]");
		int major = Integer.parseInt(numbers[0]);
		if (major > NEWEST_MAJOR || (major == NEWEST_MAJOR && Integer.parseInt(numbers[1]) > NEWEST_MINOR)) {
			logger.warn(LogMessage.format(
					"Spring Boot %s is newer than %d.%d, the newest with which this version of psat-spring-boot was tested. "
							+ "Use a version that supports it, or make sure that all connections are secured as before",
					version, NEWEST_MAJOR, NEWEST_MINOR));
		}
	}

	static void check(String version) {
		int major = Integer.parseInt(version.substring(0, version.indexOf('.')));
		if (major < OLDEST_MAJOR) {
			throw new PsatStartupException(
					"Spring Boot %s is on the class path, but psat-spring-boot requires %d.0 or later."
						.formatted(version, OLDEST_MAJOR),
					"Upgrade Spring Boot, or remove the dependency dev.psat:psat-spring-boot-starter.");
		}
	}

}
