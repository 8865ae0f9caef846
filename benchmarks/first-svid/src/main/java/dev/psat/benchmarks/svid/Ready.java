package dev.psat.benchmarks.svid;

import java.io.IOException;

/**
 * Reports in the words of the web application that a program has what it was started for.
 */
public final class Ready {

	private Ready() {
	}

	/**
	 * Report it. In a run that looks at nothing else, the program ends.
	 */
	public static void tell() {
		System.out.println("web: ready");
		if (Boolean.getBoolean("halt")) {
			// nothing else is to count
			Runtime.getRuntime().halt(0);
		}
		if (Boolean.getBoolean("training")) {
			System.exit(0);
		}
	}

	/**
	 * Report it, and then wait to be looked at.
	 * @throws IOException if the input cannot be read
	 */
	public static void tellAndWait() throws IOException {
		tell();
		while (System.in.read() != -1) {
			// nobody writes
		}
		System.exit(0);
	}

}
