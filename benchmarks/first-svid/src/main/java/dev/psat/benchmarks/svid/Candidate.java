package dev.psat.benchmarks.svid;

import java.io.IOException;
import java.nio.file.Path;

import dev.psat.spire.client.X509Svid;

/**
 * A client whose time to the first X.509-SVID is measured.
 */
public interface Candidate {

	/**
	 * Make the four calls: trust bundle, attestation, entries, X.509-SVID. Connections
	 * stay open, as an application has them.
	 * @param assignment for whom, and where
	 * @return the X.509-SVID
	 * @throws Exception if there is none
	 */
	X509Svid obtain(Assignment assignment) throws Exception;

	/**
	 * Obtain an X.509-SVID, report that in the words of the web application, and then
	 * wait to be looked at, except in a training run.
	 * @param args address and trust domain of the server, file of the trust bundle,
	 * cluster, and file of the token
	 * @throws Exception if there is no X.509-SVID
	 */
	default void run(String... args) throws Exception {
		answer("main");
		obtain(Assignment.of(args[0], args[1], Path.of(args[2]), args[3], Path.of(args[4])));
		answer("ready");
		if (Boolean.getBoolean("halt")) {
			// nothing else is to count
			Runtime.getRuntime().halt(0);
		}
		answer("end");
		if (!Boolean.getBoolean("training")) {
			waitForTheEnd();
		}
		System.exit(0);
	}

	private static void answer(String line) {
		System.out.println("web: " + line);
	}

	private static void waitForTheEnd() throws IOException {
		while (System.in.read() != -1) {
			// nobody writes
		}
	}

}
