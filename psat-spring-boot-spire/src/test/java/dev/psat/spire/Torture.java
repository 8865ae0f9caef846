package dev.psat.spire;

import java.time.Duration;

/**
 * How hard the torture is: an ordinary build is in a hurry, the Maven profile
 * {@code torture} is not.
 */
final class Torture {

	private static final boolean FULL = "full".equals(System.getProperty("torture"));

	private Torture() {
	}

	static int times(int ordinary, int full) {
		return FULL ? full : ordinary;
	}

	static Duration lasting(Duration ordinary, Duration full) {
		return FULL ? full : ordinary;
	}

	/**
	 * Show figures in the output of the test.
	 */
	static void tell(String figures) {
		System.out.println("Torture: " + figures);
	}

}
