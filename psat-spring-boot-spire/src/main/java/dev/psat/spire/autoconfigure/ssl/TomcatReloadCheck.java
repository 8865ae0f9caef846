package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.SpringBootVersion;

import org.springframework.util.StringUtils;

import dev.psat.autoconfigure.UnsupportedSpringBootException;

/**
 * Fails the start on a version of Spring Boot that would undo this configuration: before
 * 4.1.2, each update of an SSL bundle recreates Tomcat's host without the context that
 * decides who may connect.
 */
final class TomcatReloadCheck {

	private static final int[] OLDEST = { 4, 1, 2 };

	/** Released before 4.1.2. */
	private static final String OLDER_MILESTONE = "4.2.0-M1";

	private TomcatReloadCheck() {
	}

	static void check(String server) {
		check(SpringBootVersion.getVersion(), server);
	}

	static void check(String version, String server) {
		if (isOlder(version)) {
			throw new UnsupportedSpringBootException(
					"%s serves the SSL bundle of the SPIRE identity on Tomcat, which is not safe on Spring Boot %s."
						.formatted(StringUtils.capitalize(server), version),
					"Upgrade Spring Boot to 4.1.2 or later, or serve the bundle on another web server.");
		}
	}

	private static boolean isOlder(String version) {
		if (version.equals(OLDER_MILESTONE)) {
			return true;
		}
		String[] parts = version.split("[.-]");
		for (int i = 0; i < OLDEST.length; i++) {
			int part = Integer.parseInt(parts[i]);
			if (part != OLDEST[i]) {
				return part < OLDEST[i];
			}
		}
		return false;
	}

}
