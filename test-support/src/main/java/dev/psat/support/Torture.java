package dev.psat.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

	/**
	 * Show a report in Markdown, and write it to the file of the property
	 * {@code torture.report}, if there is one.
	 */
	public static void report(String report) throws IOException {
		System.out.println(report);
		String file = System.getProperty("torture.report");
		if (file != null) {
			Files.writeString(Path.of(file), report);
		}
	}

}
