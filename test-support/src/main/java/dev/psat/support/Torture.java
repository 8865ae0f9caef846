package dev.psat.support;

import java.time.Duration;

/**
 * How hard the torture is: an ordinary build is in a hurry, the Maven profile
 * {@code torture} is not.
 */
public final class Torture {

	private static final boolean FULL = "full".equals(System.getProperty("torture"));

	private Torture() {
	}

	public static int times(int ordinary, int full) {
		return FULL ? full : ordinary;
	}

	public static Duration lasting(Duration ordinary, Duration full) {
		return FULL ? full : ordinary;
	}

	/**
	 * Show figures in the output of the test, from where the benchmarks quote them.
	 */
	public static void tell(String figures) {
		System.out.println("Torture: " + figures);
	}

}
